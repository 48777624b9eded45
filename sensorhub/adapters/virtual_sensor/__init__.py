"""A sensor without hardware: its own process and a real Bluetooth stack (bumble); only the air is virtual."""
