"""MQTT 5 by paho: the sender that empties the outbox, and the subscriber that answers only for what is stored."""
