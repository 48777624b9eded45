"""What a runner is asked to do: the programme, a guided session of it, and when it grows harder."""
