"""The trail of who saw and did what: declared beside each endpoint, written by the answering layer, chained, read."""
