"""The peer: the same hot path as a stock nameko 2.14.1 pair of services, in the idiom of nameko-examples."""
