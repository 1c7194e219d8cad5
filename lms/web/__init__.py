"""Flask: pages, forms and their routes. ``app.create_app`` puts them together."""
