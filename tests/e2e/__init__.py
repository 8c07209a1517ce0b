"""The product in a real browser: whole walks, accessibility, lost networks. Run by `make e2e`."""
