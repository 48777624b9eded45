"""What is kept on disk, in SQLite: the hub's store with its outbox, and the keeper of everything that was published."""
