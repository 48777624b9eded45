"""Walking and running: contacts, sides, and what each stride measures."""
