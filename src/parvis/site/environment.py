"""Every setting that Parvis reads from the environment, with its default and its meaning.

`docs/operations.md` prints this table.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    default: str | None  # None: required in production
    meaning: str

    def read(self) -> str:
        """Raises KeyError when the variable is required and missing."""
        value = os.environ.get(self.name, self.default)
        if value is None:
            raise KeyError(self.name)
        return value


TABLE = (
    Variable("PARVIS_ENV", "production", "demo, test ou production. Les commodités de démonstration n’existent qu’en demo et test."),
    Variable("PARVIS_DATABASE_URL", None, "PostgreSQL 16 ou plus récent, avec le rôle qui sert les pages (ni superutilisateur, ni propriétaire des tables)."),
    Variable("PARVIS_DATABASE_OWNER_URL", "", "La même base avec le rôle propriétaire des tables : migrations seulement."),
    Variable("PARVIS_DATA", ".data/demo", "Dossier des fichiers, des clés de la plateforme et des journaux."),
    Variable("PARVIS_SECRET_KEY", None, "Secret de Django, 50 caractères au hasard."),
    Variable("PARVIS_PUBLIC_URL", "http://127.0.0.1:8000", "Adresse publique de la plateforme, sans barre finale."),
    Variable("PARVIS_HOSTS", "", "Autres noms de domaine acceptés, séparés par des virgules (les noms propres des communes)."),
    Variable("PARVIS_EDGE_SECRET", "", "Secret partagé avec le serveur frontal qui horodate les dépôts ; vide : Parvis horodate lui-même."),
    Variable("PARVIS_CLIENT_IP_HEADER", "", "En-tête où le serveur frontal écrit l’adresse du visiteur, par exemple X-Real-IP ; vide : l’adresse de la connexion."),
    Variable("PARVIS_MAIL_URL", "", "smtp://utilisateur:secret@serveur:587, ou smtps:// sur le port 465 ; vide en demo : la boîte aux lettres de démonstration."),
    Variable("PARVIS_MAIL_FROM", "Parvis <ne-pas-repondre@parvis.example>", "Expéditeur des messages."),
    Variable("PARVIS_SMS_URL", "", "Adresse où poster les SMS, au format de Brevo : https://api.brevo.com/v3/transactionalSMS/send ; vide : aucun SMS n’est proposé (en demo : la boîte aux lettres de démonstration)."),
    Variable("PARVIS_SMS_TOKEN", "", "Clé que le fournisseur de SMS a donnée."),
    Variable("PARVIS_SMS_SENDER", "Parvis", "Expéditeur affiché sur le téléphone : 3 à 11 lettres ou chiffres, déclaré au fournisseur."),
    Variable("PARVIS_TSA_URL", "", "Adresse de l’autorité d’horodatage RFC 3161 ; vide en demo : une autorité locale, non qualifiée."),
    Variable("PARVIS_TSA_ROOTS", "", "Fichier PEM des racines de l’autorité d’horodatage."),
    Variable("PARVIS_CLAMD", "", "Adresse de clamd (unix:/chemin ou hôte:port) ; vide : les fichiers sont dits non analysés."),
    Variable("PARVIS_LOG_ORIGIN", "parvis.example/registre", "Nom du registre inscrit dans chaque récépissé ; ne change jamais."),
    Variable("PARVIS_OIDC_AGENTS", "", "Fournisseur d’identité des agents : identifiant|secret|adresse de découverte."),
    Variable("PARVIS_OIDC_CITIZENS", "", "Fournisseur d’identité des usagers : identifiant|secret|adresse de découverte."),
    Variable("PARVIS_ANTS_COORDINATION_URL", "", "Service national qui évite les rendez-vous en double, par exemple https://…/api ; vide : les numéros de pré-demande ne sont pas vérifiés (en demo : un service local)."),
    Variable("PARVIS_ANTS_COORDINATION_TOKEN", "", "Jeton donné par France Titres pour ce service."),
    Variable("PARVIS_ANTS_HUBS", "", "Qui peut lire nos créneaux pour la recherche nationale de rendez-vous : nom|en-tête|jeton, séparés par des virgules ; en-tête vide : X-HUB-RDV-AUTH-TOKEN ; jeton : 16 signes ou plus, un par demandeur ; l’adresse à leur donner finit par /api/ants ; vide : personne (en demo : le jeton jeton-de-demonstration)."),
    Variable("PARVIS_GEOCODING_URL", "", "Service national de recherche d’adresses, par exemple https://data.geopf.fr/geocodage ; l’adresse que l’usager cherche lui est envoyée ; vide : seules les communes de la plateforme sont reconnues."),
    Variable("PARVIS_CLOCK_FILE", "", "demo et test : fichier dont les secondes décalent l’horloge."),
    Variable("PARVIS_THREADS", "8", "Requêtes traitées à la fois par processus."),
)  # fmt: skip

_BY_NAME = {variable.name: variable for variable in TABLE}


def env(name: str) -> str:
    """The value of a declared variable. Raises KeyError for one not in the table, or required and missing."""
    return _BY_NAME[name].read()
