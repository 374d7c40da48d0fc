"""What drafts say that is not about the documents' subject: that they do not answer, greetings, lists of sources."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_DOCUMENTS = (
    r"(?:documents?|sources?|pages?|context|texts?|excerpts?|passages?|files?|pdfs?|information"
    r"|materials?|data|reports?"
    r"|filings?|snippets?|handbook|manual)"
)
_SAY = (
    r"(?:say|state|mention|contain|provide|include|specify|cover|address|give|list|disclose|indicate|describe|discuss"
    r"|show|have|answer|explain|detail|offer|report|present|define|identify|tell|reveal|refer|note|name)"
)
_SAID = (
    r"(?:stated|mentioned|provided|specified|given|listed|disclosed|found|included|contained|covered|addressed"
    r"|available|described|defined|identified|reported|answered|present)"
)
_FIND = (
    r"(?:find|found|locate|located|determine|determined|answer|answered|calculate|calculated|computed|tell|identify"
    r"|identified|verify)"
)
_NOTHING = (
    r"(?:information|mention|details?|data|evidence|answer|reference|indication|statement|passage|figures?)\b"
    r"(?! (?:security|protection|system|processing))"
)
_ABSENT = _any(
    rf"\b{_DOCUMENTS}\b[^.;]{{0,60}}?\b(?:do|does|did)(?:\s+not|n['’]t)\b(?:\s+\w+){{0,2}}?\s+{_SAY}",
    rf"\b(?:is|are|was|were)(?:\s+not|n['’]t)\s+(?:\w+\s+){{0,2}}?{_SAID}\b[^.;]{{0,50}}\b{_DOCUMENTS}\b",
    rf"\b(?:there (?:is|are)|contains?|provides?|found|has|have)\s+(?:no|not enough|insufficient|not any)\s+"
    rf"(?:\w+\s+){{0,3}}?{_NOTHING}",
    rf"^\W*(?:no|not enough|insufficient)\s+(?:\w+\s+){{0,2}}?{_NOTHING}",
    rf"\b(?:could|can|was|were|am|are|is)\s*(?:not|n['’]t|unable to|not possible to)\s+(?:be\s+|able to\s+)?{_FIND}\b",
    rf"\b(?:unable to|cannot|can['’]t|not possible to|impossible to)\s+(?:be\s+)?{_FIND}\b",
    rf"\bnot\s+(?:in|found in|stated in|covered (?:in|by)|mentioned in|available in|part of)\s+"
    rf"(?:the|these|your|any|my|any of the)\s+(?:\w+\s+){{0,2}}?{_DOCUMENTS}\b",
    rf"\b(?:none|neither) of\s+the\s+(?:\w+\s+)?{_DOCUMENTS}\b|\bneither (?:source|document)\b",
    rf"\bnothing (?:about|on|regarding|in) [^.;]{{0,60}}\b{_DOCUMENTS}\b",
    rf"\b{_DOCUMENTS}\b[^.;]{{0,40}}?\b(?:(?:are|is) silent|sa(?:y|id|ys) nothing|tell us nothing"
    rf"|makes? no mention|lacks?\b.{{0,30}}{_NOTHING})",
    rf"\bthere (?:is|are)n['’]t\s+(?:\w+\s+){{0,2}}?{_NOTHING}",
    rf"\b(?:outside (?:of )?the (?:scope|subject)|not (?:directly )?related to|(?:does|do)(?: not"
    rf"|n['’]t) (?:directly )?relate to"
    rf"|unclear from|(?:not|un)known from|impossible to (?:say|tell) from)\b[^.;]{{0,30}}\b{_DOCUMENTS}\b",
    rf"\b{_DOCUMENTS}\b[^.;]{{0,20}}\b(?:impossible to (?:say|tell)|unclear|not possible to (?:say|tell))\b",
    rf"^\W*(?:(?:however|instead|rather),?\s*)?(?:they|(?:all )?the (?:\w+ )?{_DOCUMENTS}) (?:only|merely|just)\s+"
    r"(?:mention|discuss|describe|talk about|refer to|deal with|focus on|(?:contain|provide|give|have) information)",
    rf"\b(?:is|are|was|were) (?:missing|absent|lacking) (?:from|in) (?:the|these|your) (?:\w+ )?{_DOCUMENTS}\b",
    rf"\bthe sources (?:do not )?{_SAY}s? no\b",
    # Whoever says `I` is the model.
    r"\bI(?: am|['’]m)?\s*(?:(?:do|did|can|could|was|were|am)?(?:\s?not|n['’]t)|unable to|cannot)\s+(?:\w+\s+){0,2}?"
    rf"(?:have|know|see|sure|aware|help|access|say|provide|able|browse|{_FIND})\b",
    r"\bas an ai\b|^\W*(?:sorry|apologies|i apologi[sz]e|i['’]m sorry|i am sorry)\b[^.]{0,40}\bn(?:o|['’])t\b",
    r"^\W*(?:(?:the )?(?:answer|information|this|that|it)(?: is|['’]s)? )?(?:n/a|none|unknown|unanswerable|not (?:found"
    r"|mentioned|given|available|specified|stated|provided|applicable|known|answerable))\W*$",
    # The same in German, French, Spanish, Italian, Portuguese and Dutch.
    r"\b(?:dokumente?n?|quellen?|seiten?|unterlagen)\b[^.;]{0,60}\b(?:nichts?|keine?n?)\b",
    r"\bkeine (?:angaben?|informationen?|hinweise?|antwort)\b|\bnichts\b[^.;]{0,30}\b(?:dokumenten"
    r"|quellen|unterlagen)\b",
    r"\bnicht (?:in den|aus den|im|anhand der)\s+(?:\w+\s+)?(?:dokumente?n?|quellen|unterlagen)\b",
    r"\bich\b[^.;]{0,50}\b(?:nichts?|keine?n?)\b|\b(?:kann|weiß|finde|habe)\s+ich\b[^.;]{0,40}\b(?:nichts?|keine?n?)\b",
    r"\b(?:frage|das)\b[^.;]{0,40}\bnicht (?:beantworten|beantwortet|sagen|bekannt)\b|\b(?:dar[üu]ber"
    r"|dazu) ist nichts\b",
    r"\b(?:les?|ces?|vos) (?:documents?|sources?|pages?)\b[^.;]{0,40}\bne\b"
    r"|\baucune (?:information|mention|donnée|réponse)",
    r"\bn['’]est pas (?:mentionné|précisé|indiqué|(?:traité|abordé)e? dans les (?:documents|sources))"
    r"|\baucune? (?:des? )?(?:documents?|sources?)\b",
    r"\bje (?:ne|n['’])|\b(?:je suis )?désolé|\binformations?\b[^.;]{0,20}\bn['’](?:est|a) pas\b"
    r"|\bil n['’]y a (?:pas|aucune?)\b[^.;]{0,15}\b(?:informations?|réponse|mention|données?)\b",
    r"\b(?:(?:los|estos|sus) documentos|el documento|(?:l|est)as (?:fuentes|páginas)|la fuente)\b[^.;]{0,30}\bno\b",
    r"\bno (?:hay|se encuentra|se encontró|se encontraron|contienen?) (?:ninguna )?(?:información|mención"
    r"|datos|respuesta)"
    r"|\bno se menciona\b",
    r"\bninguna? de (?:las|los) (?:fuentes|documentos)\b|\binformación\b[^.;]{0,10}\bno (?:está|aparece|se)\b"
    r"|\bno se (?:especifica|indica|dice)\b[^.;]{0,20}(?:documentos|fuentes|\W*$)",
    r"(?:^|[,;]\s*)\W*(?:no (?:puedo|encuentro|encontré|tengo|dispongo|lo sé|sé)|(?:io )?non (?:posso|so"
    r"|lo so|ho|trovo)"
    r"|não (?:posso|sei|encontrei|encontro|tenho|consigo))\b",
    r"\b(?:(?:i|questi|i suoi) documenti|il documento|(?:le|queste) fonti)\b[^.;]{0,30}\bnon\b"
    r"|\bnon\b[^.;]{0,25}\b(?:nei documenti|nelle fonti)\b|\bnessuna (?:informazione|delle fonti)\b"
    r"|\bnon ci sono informazioni\b|\bnon è (?:specificato|indicato|menzionato)\b",
    r"\b(?:(?:os|estes|esses) documentos|o documento|(?:as|estas|essas) fontes)\b[^.;]{0,30}\bnão\b"
    r"|\bnenhuma informação\b|\bnão há informaç",
    r"\b(?:de documenten|het document|de bronnen)\b[^.;]{0,50}\b(?:niet|geen)\b|\bgeen informatie\b",
    r"\bik\b[^.;]{0,40}\b(?:niet|geen)\b|\bniet\b[^.;]{0,25}\b(?:documenten|bronnen)\b",
    # And where words are not parted, or inflected otherwise.
    r"(?:没有|未|无法|無法|不能).{0,10}(?:提到|提及|提供|说明|包含|找到|回答|信息|答案)|沒有.{0,10}(?:提到|答案)",
    r"(?:記載|言及|情報|回答|答え|見つか).{0,12}(?:ません|ない|なかった)",
    r"\bне\s+(?:отвеча|содерж|упомина|указа|найде|наш|могу|знаю)|\bнет\s+(?:информации|данных|сведений|ответа)",
)
_UNSAID = _any(
    rf"\b(?:is|are|was|were|has|have)(?:\s+not|n['’]t)\s+(?:been\s+)?(?:\w+ly\s+)?{_SAID}(?:\s+(?:here"
    rf"|there|anywhere))?\W*$",
    r"^\W*does(?: not|n['’]t) (?:mention|say|state|specify)\b",
    r"\bwird nicht (?:genannt|erwähnt|angegeben)\W*$|\bist nicht (?:angegeben|bekannt)\W*$",
    r"\bn['’]est pas (?:fournie?|donnée?|disponible|indiquée?|précisée?|mentionnée?)\W*$",
    r"\bno (?:está disponible|se especifica|se indica|se menciona)\W*$",
)
"""What a page may say just as well of what it describes."""
_NOT_GIVEN = _any(
    r"\b(?:no|kein\w*|aucune?|ning[uú]n\w*|nessun\w*|nenhum\w*|geen)\s+(?:[^\W\d]+\s+){1,2}?(?:(?:is|are|was|were|ist|sind"
    r"|est|es|è|é)\s+)?(?:printed|stated|given|named|shown|specified|indicated|mentioned|listed|angegeben|genannt"
    r"|indiquée?|précisée?|indicad[ao]|indicat[ao])\b",
    rf"\b{_DOCUMENTS}\b[^.;()]{{0,30}}\b(?:names?|states?|gives?|prints?|shows?|lists?|mentions?|contains?)\s+no\b",
    r"\b(?:is|are|was|were)(?:\s+not|n['’]t)\s+(?:printed|stated|given|named|shown|specified|indicated|mentioned"
    r"|listed)\b",
)
"""What is said of a figure in brackets: `(no currency is printed)`."""
_TURN = _any(
    r"[,;:–—]\s*(?:but|however|although|though|yet|aber|jedoch|allerdings|mais|cependant|pero|sin embargo|ma|però|mas"
    r"|maar)\b",
    r";\s",
    r"\b(?:though|although|but|except that|only that)\b",
)


_DENIAL = re.compile(
    r"no[tn]?\b|n['’]t\b|cannot|only|merely|just\b|none|neither|nich|kein|ne\b|n['’]|aucun|désolé|nenhum|nessun|ningun|niet|geen|unable"
    r"|não|insufficient|nothing|silent|unclear|lack|impossible|outside|unknown|unanswerable|n/a|an ai\b"
    r"|[没沒无無未不]|ない|なか|ません"
    r"|не\b|нет\b"
)
"""Without one of these nothing is said to be missing: a quick look first."""


def says_absent(sentence: str) -> bool:
    """Whether a sentence says that the documents do not answer, and nothing more."""
    return _absence(sentence) is not None and not rest_after_absence(sentence)


def seems_absent(sentence: str) -> bool:
    """Whether a sentence says of something that it is not given: the documents do not, or a page says so itself."""
    return bool(_UNSAID.search(sentence))


def rest_after_absence(sentence: str) -> str:
    """Return what `The documents do not say …, but …` states after its turn."""
    found = _absence(sentence)
    turn = _TURN.search(sentence, found.end()) if found else None
    return sentence[turn.end() :].strip() if turn else ""


def _absence(sentence: str) -> re.Match[str] | None:
    return _ABSENT.search(sentence) if denies(sentence) else None


def denies(sentence: str) -> bool:
    """Whether a sentence has any word or sign of denial at all: a quick look, and no judgement."""
    return bool(_DENIAL.search(sentence.lower()))


_OF_UNIT = re.compile(r"\b(?:currenc(?:y|ies)|währung|devise|moneda|valuta|moeda|units? of measure)\b", re.IGNORECASE)


def is_of_unit(sentence: str) -> bool:
    """Whether what a sentence says to be missing is only how a figure is measured: models are told to give it."""
    return bool(_OF_UNIT.search(sentence))


_GOES_ON = re.compile(
    r"\W*(?:(?:\w+,?\s+){1,4}(?:it|they) (?:is|are|was|were|has|have|had|rose|fell|stood|amounted|can|may|must|will)"
    r"|it|they|this|these|that|those|he|she|its|their|er|sie|es|dies\w*|il|elles?|ils|ce|cela|ell[ao]s?|est[aeo]s?"
    r"|quest[aeio]|deze|dit|het)\b",
    re.IGNORECASE,
)


def goes_on(sentence: str) -> bool:
    """Whether a sentence leaves to the one before what it is about, as in `It was 22.5 %`."""
    return bool(_GOES_ON.match(sentence))


_TAIL = re.compile(r"(?:;|,\s(?:and|but|though|although)\b)(?=[^;]*$)")


def absent_tail(sentence: str) -> int:
    """Return where `A costs less than feared; the price itself is not given` begins to say that; -1 where it does not.

    Everything before is a claim like any other.
    """
    for match in _TAIL.finditer(sentence):
        tail = sentence[match.end() :].strip()
        if len(sentence[: match.start()].split()) >= _FEWEST_WORDS and (seems_absent(tail) or says_absent(tail)):
            return match.start()
    return -1


_FEWEST_WORDS = 4
_BRACKETS = re.compile(r"\([^()]*\)")


def without_not_given(sentence: str) -> str:
    """Blank out `(no currency is printed)` and `(in thousands; no currency stated)` as far as they say what is missing.

    Every place in the sentence stays where it was.
    """

    def blank(match: re.Match[str]) -> str:
        parts = re.findall(r"[;,]?[^;,]*", match[0])
        return "".join(
            re.sub(r"[^()]", " ", part) if _NOT_GIVEN.search(part) or _absence(part) else part for part in parts
        )

    return _BRACKETS.sub(blank, sentence) if "(" in sentence else sentence


_PLEASANTRIES = _any(
    r"(?:hi|hello|hey|dear|sure|certainly|of course|absolutely|great question|good question|thanks?"
    r"|thank you|you(?:['’]re| are) welcome)\b",
    r"(?:let me know|i hope|hope this|feel free|happy to help|please|note that this (?:answer|is))\b",
    r"(?:i(?: am|['’]m) (?:not sure|an ai|happy)|i can(?:['’]t| not|not)?|i will|i['’]ll|let['’]s|let us)\b",
    r"(?:to (?:calculate|compute|determine|answer|find)\b.{0,80}\b(?:i|we) (?:need|must|will|use|have)|step \d+:?$)",
    r"(?:we (?:need to|can now|first)|if you (?:need|have|want|would)|would you like|do you)\b",
    r"(?:you can (?:find|check|see) (?:more|this|it)|for more (?:information|details))\b",
    r"(?:hallo|gerne|danke|bitte|bonjour|merci|hola|gracias|ciao|grazie|olá|obrigad[oa])\b",
)


def is_pleasantry(sentence: str) -> bool:
    """Whether a sentence speaks to the asker and says nothing about the documents' subject."""
    return bool(_PLEASANTRIES.match(sentence.lstrip(" *_\"'>")))


_BARE_REPLY = re.compile(
    r"\W*(?:yes|no|nein|ja|oui|non|sí|sì|sim|não|nee)\W+(?:(?:it|they|you|that|this|there|he|she|we|one)\s+)?"
    r"(?:(?:is|are|does|do|did|can|may|must|will|has|have|was|were|should)(?:\s?not|n['’]t)?)?\W*$",
    re.IGNORECASE,
)


def is_bare_reply(sentence: str) -> bool:
    """Whether a sentence is `No, it doesn't.`: what it replies, the sentences around it tell."""
    return bool(_BARE_REPLY.match(sentence))


_SOURCE_LIST = re.compile(
    r"(?:\n|\A)[ \t>]*(?:#{1,6}[ \t]*|\*\*|__)?"
    r"(?:sources?|references?|citations?|quellen(?:angaben)?|fuentes|bibliography|works cited|footnotes?)"
    r"[ \t]*:?(?:\*\*|__)?:?[ \t]*"
    r"(?P<list>(?:(?:[ \t]*\n)+[ \t]*(?:[-*•][ \t]*)?"
    r"(?:\[\^?\d{1,2}\]|【\d[^】\n]*】|\(?source[ \t]+\d|\d{1,2}[.)][ \t])[^\n]*)+)\s*\Z",
    re.IGNORECASE,
)


def without_source_list(draft: str) -> str:
    """Drop the list of sources that models like to end with: code writes it, from what was verified."""
    found = _SOURCE_LIST.search(draft)
    return draft[: found.start()].rstrip() if found else draft


_OPENING = re.compile(
    r"[ \t>*_]*(?:"
    r"(?:sure|certainly|of course|absolutely|ok(?:ay)?|great question|good question|gerne|natürlich|bien sûr|claro)"
    r"(?:[!.,:][^\d\n]{0,100}[:!.]|[!.:])"
    r"|(?:here(?:['’]s| is| are)|hier (?:ist|sind)|voici|aquí (?:está|tiene))\s+(?:\w+\s+){0,3}?(?:answer|response"
    r"|information|summary|result|explanation|antwort|zusammenfassung|réponse|résumé|respuesta|resumen)\b[^\d\n]{0,100}[:.!]"
    r"|to (?:answer|determine|find|calculate)\b[^\d\n]{0,100}\b(?:i|we|let)\b[^\d\n]{0,120}[:.]"
    r"|(?:based on|according to) the (?:\w+ ){0,2}(?:sources|documents|information|context)(?: provided)?[,:]"
    r"|question[ \t]*:[^\n]*"
    r")[ \t*_]*(?:\n\s*|\Z)",
    re.IGNORECASE,
)
_EXCLAMATION = re.compile(
    r"(?:sure|certainly|of course|absolutely|great question|good question)(?:!|[.,](?=\s+[A-Z]))[ \t]+(?=\S)"
    r"|(?:\*\*)?(?:final |short )?(?:answer|antwort|réponse|respuesta)(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]+(?=\S)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:^|(?<=[.!?\]\n]))[ \t]*(?:i hope (?:this|that)|hope this|let me know|(?:please )?feel free"
    r"|please let me know"
    r"|if you (?:have|need) (?:any|more|further)|is there anything else|do you have any (?:other|more))\b"
    r"[^\d\n]{0,160}[.!?]\s*\Z",
    re.IGNORECASE,
)


def without_frame(draft: str) -> str:
    """Drop what stands around an answer: `Sure! Here is the answer:`, `Answer:`, `I hope this helps!`."""
    rest = draft.lstrip()
    while found := _OPENING.match(rest) or _EXCLAMATION.match(rest):
        rest = rest[found.end() :]
    rest = _CLOSING.sub("", rest)
    return rest if rest.strip() else draft
