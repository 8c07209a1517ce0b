"""The same conditions over columns of many firms at once. The one place that knows numpy (optional extra `scale`)."""
