"""The drills: posture, repetitions and sets of band walks, side planks and standing clamshells."""
