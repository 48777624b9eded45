"""What is kept on disk, in SQLite: the hub's store with its outbox, and the keeper, the history that it fills."""
