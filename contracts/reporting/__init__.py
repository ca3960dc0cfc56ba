"""What reporting may be asked: figures, the sentences they make, and the facts behind them."""
