"""The operator's command line: it starts, stops, prepares and inspects one platform."""
