"""Who and what may take part in a class: facilitators, helpers, projectors, the hall's Wi-Fi, network checks."""
