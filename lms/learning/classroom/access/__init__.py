"""Who and what takes part in a class: facilitators, helpers, projectors, the hall's Wi-Fi, network checks."""
