"""The words of the inventory: servers, facts, targets, and what is known or unknown of them."""
