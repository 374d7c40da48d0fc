"""The sentences that we put into an answer ourselves, in each language in which people ask. Pure.

What stands around an answer (buttons, footers, notices of errors) is English, and stands in `notices`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.harmless import line
from bot.verification.languages import ENGLISH

_NAME = 60
_FILE_NAME = 120
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Our sentences in one language; `{names}` is where names go, `{}` where the one that is quoted goes."""

    not_found: str
    unknown: str
    """Follows `not_found`: names of the question that no document has."""
    quoted: str
    alternatively: str
    still_indexing: str
    no_documents: str
    not_sure: str
    """Stands above quotes of pages that may be on the topic only; verification reads it as a partial answer."""
    nearest: str
    """Stands above the pages that came closest,"""
    partly_found: str
    """and above those that may hold the rest of an answer."""
    flag: str
    """Stands after a sentence that no Source supports."""
    greeting: str
    welcome: str

    def nothing_found(self, unknown: Sequence[str]) -> str:
        """Say that nothing was found; `unknown` are names of the question that no document has."""
        if not unknown:
            return self.not_found
        names = self.alternatively.join(self.quoted.format(line(name, _NAME)) for name in unknown)
        return f"{self.not_found} {self.unknown.format(names=names)}"

    def still_reading(self, names: Sequence[str]) -> str:
        """Say that more can be asked about soon."""
        shown = ", ".join(line(name, _FILE_NAME) for name in names[:_NAMED])
        return self.still_indexing.format(names=f"{shown} …" if len(names) > _NAMED else shown)


IN_ENGLISH = Wording(
    not_found="I could not find that in your documents.",
    unknown="None of them mentions {names}.",
    quoted="“{}”",
    alternatively=" or ",
    still_indexing="But I am still reading {names}: ask again in a moment.",
    no_documents="There are no documents here yet. Drop a PDF into a watched channel or send me one.",
    not_sure="I am not sure that your documents answer this. The passages that come closest:",
    nearest="The pages that come closest:",
    partly_found="That may not be all. These pages may help, too:",
    flag="*(not found in the documents)*",
    greeting=(
        "Hello. I answer questions from your documents, with the page that each answer stands on. Ask me something "
        "like: how many days of leave do I have?"
    ),
    welcome="You are welcome.",
)
_IN_GERMAN = Wording(
    not_found="Das habe ich in den Dokumenten nicht gefunden.",
    unknown="Keines davon erwähnt {names}.",
    quoted="„{}“",
    alternatively=" oder ",
    still_indexing="Ich lese aber noch {names}. Bitte gleich noch einmal fragen.",
    no_documents="Hier gibt es noch keine Dokumente. Ein PDF in einem beobachteten Kanal oder direkt an mich genügt.",
    not_sure="Ich bin nicht sicher, ob die Dokumente diese Frage beantworten. Am nächsten kommen diese Stellen:",
    nearest="Diese Seiten kommen der Frage am nächsten:",
    partly_found="Das ist vielleicht noch nicht alles. Auch diese Seiten können weiterhelfen:",
    flag="*(nicht in den Dokumenten gefunden)*",
    greeting=(
        "Hallo. Ich beantworte Fragen aus den Dokumenten und nenne die Seite, auf der die Antwort steht. Zum Beispiel: "
        "Wie viele Urlaubstage habe ich?"
    ),
    welcome="Gern geschehen.",
)
_IN_FRENCH = Wording(
    not_found="Je n’ai rien trouvé à ce sujet dans vos documents.",
    unknown="Aucun d’eux ne mentionne {names}.",
    quoted="«\u00a0{}\u00a0»",
    alternatively=" ni ",
    still_indexing="Mais je suis encore en train de lire {names}\u00a0: reposez la question dans un instant.",
    no_documents="Il n’y a pas encore de documents ici. Déposez un PDF dans un canal suivi ou envoyez-le-moi.",
    not_sure=(
        "Il n’est pas certain que vos documents répondent à cette question. Voici les passages les plus proches\u00a0:"
    ),
    nearest="Voici les pages les plus proches\u00a0:",
    partly_found="Ce n’est peut-être pas tout. Ces pages peuvent aussi être utiles\u00a0:",
    flag="*(introuvable dans les documents)*",
    greeting=(
        "Bonjour. Je réponds aux questions à partir de vos documents, en indiquant la page sur laquelle s’appuie "
        "chaque réponse. Par exemple\u00a0: combien de jours de congé ai-je\u00a0?"
    ),
    welcome="Je vous en prie.",
)
_IN_SPANISH = Wording(
    not_found="No lo he encontrado en los documentos.",
    unknown="Ninguno menciona {names}.",
    quoted="«{}»",
    alternatively=" ni ",
    still_indexing="Pero todavía estoy leyendo {names}: conviene repetir la pregunta en un momento.",
    no_documents="Aquí todavía no hay documentos. Basta con dejar un PDF en un canal que yo siga o enviármelo.",
    not_sure="No es seguro que los documentos respondan a esta pregunta. Estos son los pasajes más cercanos:",
    nearest="Estas son las páginas más cercanas:",
    partly_found="Puede que no sea todo. Estas páginas también pueden ayudar:",
    flag="*(no encontrado en los documentos)*",
    greeting=(
        "Hola. Respondo preguntas a partir de los documentos e indico la página en la que se apoya cada respuesta. Por "
        "ejemplo: ¿cuántos días de vacaciones tengo?"
    ),
    welcome="De nada.",
)
_IN_ITALIAN = Wording(
    not_found="Non l’ho trovato nei documenti.",
    unknown="Nessuno di essi menziona {names}.",
    quoted="«{}»",
    alternatively=" o ",
    still_indexing="Sto però ancora leggendo {names}: basta ripetere la domanda tra un momento.",
    no_documents="Qui non ci sono ancora documenti. Basta caricare un PDF in un canale che seguo o inviarmelo.",
    not_sure="Non è certo che i documenti rispondano a questa domanda. Questi sono i passaggi più vicini:",
    nearest="Queste sono le pagine più vicine:",
    partly_found="Forse non è tutto. Anche queste pagine possono essere utili:",
    flag="*(non trovato nei documenti)*",
    greeting=(
        "Ciao. Rispondo alle domande in base ai documenti e indico la pagina su cui si basa ogni risposta. Per "
        "esempio: quanti giorni di ferie ho?"
    ),
    welcome="Prego.",
)
_IN_PORTUGUESE = Wording(
    not_found="Não encontrei isso nos documentos.",
    unknown="Nenhum deles menciona {names}.",
    quoted="“{}”",
    alternatively=" nem ",
    still_indexing="Mas ainda não terminei de ler {names}: é só repetir a pergunta daqui a pouco.",
    no_documents="Ainda não há documentos aqui. Basta colocar um PDF num canal que eu acompanhe ou enviá-lo para mim.",
    not_sure="Não é certo que os documentos respondam a esta pergunta. Estes são os trechos mais próximos:",
    nearest="Estas são as páginas mais próximas:",
    partly_found="Pode não ser tudo. Estas páginas também podem ajudar:",
    flag="*(não encontrado nos documentos)*",
    greeting=(
        "Olá. Respondo a perguntas com base nos documentos e indico a página em que cada resposta se apoia. Por "
        "exemplo: quantos dias de férias tenho?"
    ),
    welcome="De nada.",
)
_IN_DUTCH = Wording(
    not_found="Dat heb ik niet in de documenten gevonden.",
    unknown="Geen daarvan vermeldt {names}.",
    quoted="‘{}’",
    alternatively=" of ",
    still_indexing="Maar ik ben {names} nog aan het lezen: stel de vraag zo meteen nog een keer.",
    no_documents="Er zijn hier nog geen documenten. Zet een pdf in een kanaal dat ik volg of stuur er een naar mij.",
    not_sure="Het is niet zeker of de documenten deze vraag beantwoorden. Deze passages komen het dichtst in de buurt:",
    nearest="Deze pagina’s komen het dichtst in de buurt:",
    partly_found="Dat is misschien nog niet alles. Ook deze pagina’s kunnen helpen:",
    flag="*(niet gevonden in de documenten)*",
    greeting=(
        "Hallo. Ik beantwoord vragen op basis van de documenten en noem de pagina waarop elk antwoord staat. "
        "Bijvoorbeeld: hoeveel vakantiedagen heb ik?"
    ),
    welcome="Graag gedaan.",
)

WORDINGS = {
    ENGLISH: IN_ENGLISH,
    "de": _IN_GERMAN,
    "fr": _IN_FRENCH,
    "es": _IN_SPANISH,
    "it": _IN_ITALIAN,
    "pt": _IN_PORTUGUESE,
    "nl": _IN_DUTCH,
}


def wording(language: str) -> Wording:
    """Return our sentences in a language, as `bot.verification.languages` calls it; else in English."""
    return WORDINGS.get(language, IN_ENGLISH)
