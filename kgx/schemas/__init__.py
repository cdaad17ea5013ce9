"""What each rule file must look like: pydantic models, one module a concern."""
