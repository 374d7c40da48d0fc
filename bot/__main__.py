"""`python -m bot`: the same as `askdocs run`."""

from bot.cli import main

if __name__ == "__main__":
    main(["run"])
