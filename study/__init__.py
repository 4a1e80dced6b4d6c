"""Reproducibility study of "Learning a Wavelet-like Auto-Encoder to Accelerate Deep Neural Networks" (AAAI 2018)."""
