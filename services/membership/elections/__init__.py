"""Elections of a union's bodies: candidates, votes, results and their approval, as the law wants them."""
