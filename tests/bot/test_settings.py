"""The configuration: where it is read from, what is refused, and that the files people read are true."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.settings import SECRETS, Settings, load_settings
from ingest.settings import SettingsError, load_ingest_settings
from tests import settings_table


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_need_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file and without variables every setting has its default."""
    monkeypatch.chdir(tmp_path)

    assert load_settings(environ={}) == Settings()


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable overrides the key of the same path; lists are written as YAML."""
    path = write(tmp_path, "retrieval:\n  sources: 5\n  candidates: 50\n")

    settings = load_settings(path, {"ASKDOCS_RETRIEVAL__SOURCES": "7", "ASKDOCS_MODELS": "[extractive]"})

    assert (settings.retrieval.sources, settings.retrieval.candidates) == (7, 50)
    assert settings.models == ("extractive",)


@pytest.mark.parametrize(
    ("text", "environ", "named"),
    [
        pytest.param("retrieval:\n  sorces: 5\n", {}, "retrieval.sorces", id="unknown key in a section"),
        pytest.param("retreival:\n  sources: 5\n", {}, "retreival", id="unknown section"),
        pytest.param("retrieval:\n  sources: many\n", {}, "retrieval.sources", id="wrong type"),
        pytest.param("", {"ASKDOCS_RETRIEVAL__SORCES": "5"}, "retrieval.sorces", id="unknown variable"),
        pytest.param("", {"ASKDOCS_MODELS__FIRST": "x", "ASKDOCS_DATA_DIR": "d"}, "models", id="section for a list"),
        pytest.param("groq_api_key: gsk_1\n", {}, "groq_api_key", id="secret in the file"),
        pytest.param("slack_bot_token: xoxb-1\n", {}, "slack_bot_token", id="platform secret in the file"),
        pytest.param("a: [", {}, "config.yaml", id="not YAML"),
        pytest.param("just text", {}, "config.yaml", id="not a mapping"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(
    tmp_path: Path, text: str, environ: dict[str, str], named: str
) -> None:
    """A typo stops the start, and the message names the key."""
    with pytest.raises(SettingsError, match=named):
        load_settings(write(tmp_path, text), environ)


def test_a_missing_file_that_was_asked_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.yaml"):
        load_settings(tmp_path / "nothing.yaml", {})


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().retrieval.sources = 3  # type: ignore[misc]


def test_secrets_come_from_their_usual_variables_and_are_not_shown() -> None:
    """Each secret is read under its usual name, and the settings can be printed without giving any away."""
    environ = {name: f"value-of-{name}" for name in SECRETS if name != "DATABASE_URL"}

    settings = load_settings(environ=environ)

    assert settings.groq_api_key.get_secret_value() == "value-of-GROQ_API_KEY"
    assert settings.slack_api_url == "value-of-SLACK_API_URL"
    shown = repr(settings) + str(settings)
    assert [name for name in environ if name.endswith(("KEY", "TOKEN", "SECRET")) and environ[name] in shown] == []


def test_dotenv_is_read_below_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` in the working folder counts, and a real variable wins over it."""
    (tmp_path / ".env").write_text("GROQ_API_KEY=from-file\nOPENAI_API_KEY=from-file\nUNRELATED=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "from-environment")

    settings = load_settings()

    assert settings.groq_api_key.get_secret_value() == "from-file"
    assert settings.openai_api_key.get_secret_value() == "from-environment"


def test_ingest_reads_its_sections_of_the_same_file(tmp_path: Path) -> None:
    """Sections of the bot do not disturb `python -m ingest`; a typo inside one of its own does."""
    path = write(tmp_path, "models: [extractive]\nextraction:\n  workers: 3\n")

    assert load_ingest_settings(path, {}).extraction.workers == 3
    with pytest.raises(SettingsError, match=r"extraction\.wrkers"):
        load_ingest_settings(write(tmp_path, "extraction:\n  wrkers: 3\n"), {})


def test_config_yaml_has_every_key_with_its_default() -> None:
    """The file that people edit is complete and true: `python -m tests.settings_table` writes it."""
    text = (settings_table.ROOT / "config.yaml").read_text("utf-8")

    assert text == settings_table.config_yaml()
    assert Settings.model_validate(yaml.safe_load(text)) == Settings()


def test_readme_table_is_true() -> None:
    """It has the keys that most teams look at first, with their defaults."""
    readme = (settings_table.ROOT / "README.md").read_text("utf-8")

    assert readme == settings_table.put_into_readme(readme)
    assert settings_table.readme_table() in readme


@pytest.mark.parametrize("variable", sorted(SECRETS))
def test_readme_names_every_variable(variable: str) -> None:
    assert f"`{variable}`" in (settings_table.ROOT / "README.md").read_text("utf-8")
