"""What those who keep the site running need: probes, metrics, log lines, back-up and restore."""
