"""A hook names what another version of the module does not have."""
import gone

print(gone.YEAR)
