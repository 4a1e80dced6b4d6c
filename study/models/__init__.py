"""Networks: the wavelet-like auto-encoder, the classifiers on its channels, and the networks they are compared with."""
