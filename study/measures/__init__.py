"""Mathematics and instruments: losses, metrics, noise, statistics, operations, times, spectra."""
