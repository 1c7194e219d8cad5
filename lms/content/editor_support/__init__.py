"""What the editor in the browser knows of the language, from the tables that its reader uses."""
