"""The statistical model that comes with the package: `zh_news.npz`, described in docs/model.md."""
