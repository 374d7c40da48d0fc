"""What every test gets; the fixtures themselves are in modules named by their subject."""

pytest_plugins = ["tests.databases", "tests.samples"]
