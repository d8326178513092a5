"""What the two shops of the sample sell and say, in English and in German."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """An article with its price and what goes wrong with it."""

    sku: str
    name: str
    price: int
    problem: str


@dataclass(frozen=True)
class Texts:
    """All words of a shop; those with {} take what they are about."""

    products: tuple[Product, ...]
    # Those of spring to winter, each with the subject of its mail.
    campaigns: tuple[tuple[str, str], ...]
    # Topic, question and answer; the first is about a delivery.
    questions: tuple[tuple[str, str, str], ...]
    # What agents note after a call to sell, and about a customer.
    sales_calls: tuple[str, ...]
    notes: tuple[str, ...]
    contact_form: str
    called_back: str
    answer: str
    order: str
    receipt: str
    complaint: str
    apology: str
    # How an agent knows that two contacts are one person.
    same_person: str

    def product(self, sku: str) -> Product:
        """The article with this number."""
        return next(product for product in self.products if product.sku == sku)


ENGLISH = Texts(
    products=(
        Product("GR-110", "Mola burr grinder", 149, "jams on light roasts"),
        Product("ES-300", "Corva espresso machine", 649, "leaks at the group head"),
        Product("ES-310", "Corva Duo espresso machine", 1190, "takes ages to heat up"),
        Product("KT-120", "Gooseneck kettle 1 l", 79, "switches off too early"),
        Product("PO-010", "Pour-over cone", 24, "arrived with a chip"),
        Product("SC-020", "Scale with timer", 39, "drifts by two grams"),
        Product("FI-100", "Paper filters, 100", 9, "is the wrong size"),
        Product("BN-101", "Harbor blend beans 1 kg", 26, "tastes stale"),
        Product("SB-001", "Beans by post, 3 months", 75, "skipped a month"),
        Product("TA-058", "Tamper 58 mm", 33, "does not fit the basket"),
    ),
    campaigns=(
        ("spring-sale", "Spring sale: 20% off grinders"),
        ("summer", "Cold brew in five steps"),
        ("autumn", "New harvest, new single origins"),
        ("holidays", "Last orders before the holidays"),
    ),
    questions=(
        ("delivery", "Where is my order?", "The carrier says tomorrow."),
        ("product", "Which grinder suits a moka pot?", "The Mola at setting 12 to 14."),
        ("billing", "Could I have an invoice with our company's name?", "Attached."),
        (
            "subscription",
            "Can I pause my beans for a month?",
            "Paused until the first.",
        ),
    ),
    sales_calls=(
        "Wanted a price for ten cup sets; sent an offer.",
        "Interested in the Duo, asks again after the holidays.",
    ),
    notes=(
        "Prefers to be called after five.",
        "Buys for a small office of twelve.",
        "Comes by on Saturdays, likes light roasts.",
    ),
    contact_form="Contact form",
    called_back="Called back. {}",
    answer="We are sorry. Please send us a message, and we will make it right.",
    order="Order {}",
    receipt="Receipt for {}",
    complaint="So my {}. Two weeks old. Not what I paid for.",
    apology="Saw the post: {}. Apologised, return label sent.",
    same_person="Asked on the phone: it is the same person.",
)

GERMAN = Texts(
    products=(
        Product("GR-110", "Mola Kegelmühle", 149, "blockiert bei hellen Röstungen"),
        Product("ES-300", "Corva Espressomaschine", 649, "tropft an der Brühgruppe"),
        Product("ES-310", "Corva Duo Espressomaschine", 1190, "heizt ewig auf"),
        Product("KT-120", "Schwanenhalskessel 1 l", 79, "schaltet zu früh ab"),
        Product("PO-010", "Handfilter", 24, "kam mit einer Macke an"),
        Product("SC-020", "Waage mit Stoppuhr", 39, "wiegt zwei Gramm daneben"),
        Product("FI-100", "Papierfilter, 100 Stück", 9, "hat die falsche Größe"),
        Product("BN-101", "Hafenmischung Bohnen 1 kg", 26, "schmeckt fad"),
        Product("SB-001", "Bohnen-Abo, 3 Monate", 75, "kam einen Monat lang nicht"),
        Product("TA-058", "Tamper 58 mm", 33, "passt nicht in das Sieb"),
    ),
    campaigns=(
        ("fruehling", "Frühling: 20 % auf alle Mühlen"),
        ("sommer", "Kalt gebrüht in fünf Schritten"),
        ("herbst", "Neue Ernte, neue Sorten"),
        ("weihnachten", "Letzte Bestellungen vor dem Fest"),
    ),
    questions=(
        ("delivery", "Wo bleibt meine Bestellung?", "Der Paketdienst sagt morgen."),
        (
            "product",
            "Welche Mühle passt zur Herdkanne?",
            "Die Mola auf Stufe 12 bis 14.",
        ),
        ("billing", "Bekäme ich eine Rechnung auf unsere Firma?", "Liegt bei."),
        (
            "subscription",
            "Kann ich das Abo einen Monat aussetzen?",
            "Es ruht so lange.",
        ),
    ),
    sales_calls=(
        "Wollte einen Preis für zehn Tassensets; Angebot geschickt.",
        "Findet die Duo gut, meldet sich nach den Ferien.",
    ),
    notes=(
        "Möchte erst nach fünf angerufen werden.",
        "Kauft für ein kleines Büro mit zwölf Leuten.",
        "Kommt samstags vorbei, mag helle Röstungen.",
    ),
    contact_form="Kontaktformular",
    called_back="Zurückgerufen. {}",
    answer="Das tut uns leid. Bitte schreiben Sie uns, wir bringen das in Ordnung.",
    order="Bestellung {}",
    receipt="Beleg zu {}",
    complaint="Zwei Wochen alt: {}. Dafür habe ich nicht bezahlt.",
    apology="Beitrag gesehen: {}. Entschuldigt, Rücksendeschein verschickt.",
    same_person="Am Telefon gefragt: Es ist dieselbe Person.",
)
