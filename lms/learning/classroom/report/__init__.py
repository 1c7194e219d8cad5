"""After a class: reports, closed classes, and how long personal rows are kept."""
