"""A dialogue written by the model's own chat template: in a process of its own, with a proof of what is the answer."""
