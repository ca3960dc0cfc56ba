"""An HTTP engine over the contracts: routes, checks and documents follow from declarations; it names no capability."""
