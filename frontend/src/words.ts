/**
 * 2,048 common French words for passphrases: 4 to 8 letters, spelt without accents, none one letter away from another.
 * Six words drawn evenly hold 66 bits.
 */
import { random } from "./bytes.ts";

export const WORDS: readonly string[] = `
abandon abattre abeille abord aboutir abri abricot absence absolu absorber accent accepter accident accord accroche
accueil accuser achat acheter acide acier acompte acteur actif action activer actrice actuel adage adapter addition
adieu adjoint admettre admirer adorer adresse adroit adulte affaire affecter affiche affirmer agacer agence agenda
agent agile agir agneau agrafe agrume aider aigle aiguille ailleurs aimable ainsi ajonc ajouter ajuster alarme album
alerte algue aligner aliment alliance allier allumer allure alors alouette alphabet alpin altitude amande amateur
ambition ambre amener amiante amical amont amorce amortir amour amphore ample ampoule amulette amuser analyse ananas
anchois ancien ancre animal animer anis annonce annuaire annuel anodin antenne antique aplatir apparat appareil
appel apporter approche appuyer aquarium aqueduc arbitre arbuste arcade archet archive ardoise argument armoire
armure arnica aromate arracher arranger arriver arrondi arroser arrosoir arsenal article artisan artiste aspect
asperge asphalte aspirer assaut assez assiette assis associer assurer astre astuce atelier atlas atome atout
attacher attendre attente attirer attraper aubaine auberge audace augure aurore aussi autant auto autocar automne
autour autruche avaler avance avant avarie avec avenir aventure avenue averse avertir avion aviser avocat avoine
avouer avril azote azur bagage bague baguette bahut baie baigner baiser balai balance balayer balcon baleine balise
ballade balle bambou banal banane banc bande banlieue banque banquise baobab baraque barbe barrage basalte bascule
basilic basket bassin bastion bataille bateau battant batterie baume bavard bazar beaucoup belette benjoin berceau
bercer bergerie bermuda besoin beurre biais biberon bidon bien bijou bilan billard billet binette biologie biscuit
bistrot bitume bivouac blaireau blason bleu bleuet blindage blizzard bloc blond blouse blouson bobine bocal boire
bois boisson bolide bonbon bonheur bonjour bonnet bonsoir bordure borne bosse botte bouche boue bouger bougie
bouillon boulot bouquet bourdon bourgeon bourse boussole boutade boutique bouton branche bras brasier brave brebis
bref bretelle brevet bricoler bride brigade briller brin brioche brique brocante brochure brocoli broder bronze
brouette brugnon bruine bruit brusque bruyant buffet buffle bulletin bureau burnous buste butin cabane cabaret
cabinet cabriole cacao cacatois cachalot cacher cachette cactus cadeau cadenas cadran cadre cadreur cahier caillou
caisse calcaire calcul calepin calmar calme camarade camion camp campagne camphre canard candidat canevas canicule
canif canne cannelle canoter cantine canton capable capital caprice capsule capter capuche capucine carafe caramel
caravane carbone cardigan cardinal caresse cargo caribou carmin carnaval carnet carotte carpe carreau cartable
cascade casque cassette castor cathode cause causerie cavalier caverne caviar ceinture cellule cendre censeur cent
centime central cercle cerfeuil cerise cerisier cerner certain cerveau cesser chacun chagrin chahut chaise chalet
chaleur chaloupe chambre chameau champion chance chandail changer chanson chant chantier chapelle chapitre chaque
char charbon charge chariot charrue chaton chaud chauffer chaumine chef chemin chemise chenille chercher cheval
cheveu chicane chiffon chiffre chimie chiot chlore chocolat choisir choix chorale chose chouette chrome chuter cible
cigale cigogne ciment cinq cintre circuit cirque ciseau citer citron civil clair clairon classe clavecin clavier
client climat clin cloche cloison cloporte clou clown club cobalt cocotier code coffre cohorte coiffer colibri
collant colle collecte collier colline colombe colonne coloris combat combien comique comment commerce commun
comparer compas complet compost compote compter comptoir comte concert concours conduire confetti confier confort
congeler congre conseil console constant contenir contour contrat convoi copain copier copieux coquille corail
corbeau cordon corniche corolle corps correct corsage corsaire cortex cosmos costume coton coucou coudre couleur
couloir coup couper courage courant courber courir couronne courrier court couscous cousin couteau couvert crabe
crampon cran crapaud craquer cravate crayon creuser creux crevette cricket crier cristal critique croire croquis
crosse croyance cueillir cuir cuisine cuivre culotte cultiver culture cumin curieux curseur cuvette cycle cyclone
cygne cylindre cymbale dame damier danger danse datte dauphin debout dedans dehors demain demande demeure demi
dentelle dentiste dernier dessert dessin dessiner dessous deux devant devenir devis devoir diable diamant dicter
diesel digital digue dimanche dinde dire direct diriger discours disposer disque distance distinct divan divers
diviser docile docteur document dollar domaine domicile dominer domino dommage donc donjon donner dormeur dormir
dorsal dorure dosage dossier double douceur doute dragon drakkar drap drapeau dresser dribbler duel dune durable
durant durcir durer duvet dynamo elfe emballer emmener emploi employer emporter enclos enclume encore endive endroit
enduit enfance enfant enfin enfler engager engrais enjamber enjeu enlever ennui enseigne ensemble ensuite entendre
entier entourer entracte entraide entrain entre envahir envie envoi envoyer escabeau escalier escargot escorte
escrime espace espoir esprit esquif esquisse essai essence essieu essor essuyer estampe estimer estomac estrade
estuaire euro exact examen exaucer exclure excuse exemple exercice exiger exister exotique expert exploit exposer
exprimer externe extra extrait fable fabrique face facile facture fagot faillir faim faire fakir falaise falloir
fameux famille fanfare fanion farfelu farine faste fatal fatigue faubourg faucille faucon faune fausse fauteuil
fauvette faux faveur favori femme fenaison fenouil fermer ferry fervent festin festival feuille feutre fiacre fibre
ficelle fiche fictif fiction fier figurant figure filet fille film filon filtre final finance finesse finir firme
flacon flamant flambeau flamme flanc flanelle flaque flatter fleur fleurir fleuve flipper flore flot fluide foison
folie folklore foncer fonction fond fondant fondre fontaine fonte football forain force forger forgeron formule fort
fortune forum fossile fougasse fouiller foulard foule foulque four fourmi fournir fourrure foyer fragile frais
franchir frange frapper frein freiner frelon fresque friand frigo frimas fripon frisson frite friture froid fromage
fronde front frontal frotter frugal fumer furet fureur furtif fusain fuseau fusible fusion futur gabarit gagner
gaillard gain galaxie galerie galet galette galop galopin gambas gamme gant garage garantir garder gardien gare
garnir garrigue gaufre gavotte gazelle gazon geler gendarme genou genre gens gentil gerbe gerboise geste geyser
gibier gigot girafe girofle gisement givre glace glacier glaise glissade glisser globe gloire glycine gobelet gobie
golf gondole gonfler gorge gouache gourde gourmand goutte gradin grand granit grappe gratter gratuit gravier gravure
grenier griffe grille grimace grimper gris grive grogner gronder grotte groupe grue guetter guichet guide guidon
guitare gymnase gypse habile habiller habit habiter habitude hache hall hamac hamster hangar hanneton hanter hardi
haricot harmonie hasard haut hauteur herbier hermine heure heureux heurter hibou histoire hiver hochet hockey homard
homme honneur hoquet horizon horloge hors hospice hostile houblon housse huile huit humain humble humeur humide
hurler hutte hymne idole ignorer image imiter immense immeuble immobile impact imposer imprimer incendie incident
inclure index indice indigo indiquer infini informer initial insecte insigne insister instant instinct intact
interne intrus inutile inventer inviter isoler issue item ivoire jade jadis jalon jaloux jamais jambe jambon janvier
jardin jargon jarre jasmin javelot jeans jersey jeter jeton jeudi jeune joie joindre joli jongler jouer journal
joyau joyeux judo juge jugement juillet juin jumeau jument jungle jupon jury jusque justice juteux kaki karting
kayak kermesse kilo kimono kiosque kiwi klaxon koala label labour lacet laine laisser lait laiton laitue lama lampe
lancer langage langue lanterne lapin large lasagne lasso laurier lavabo lavande laver lecteur lecture legs lentille
lequel lessive lettre levain levier levure liane liasse licence licorne lierre lieu ligoter lilas limace limite
limon linge lingot liquide liste litre livrer loge logiciel logique loin loisir long longueur losange loterie lotion
lotus lourd loutre loyal lueur lumineux lundi lunette lustre luth luxe lynx lyre machine magasin magie magique
magnolia maillot mairie mais maison majeur malgache malheur malin maman mammouth manche manier manoir manquer
manteau manuel maquette maquis marais marathon marbre marcher margelle mariage marmite marmotte marque marraine
marron mascotte masse match matelas matelot maternel mauvais mauve maxime maximum meilleur membre menthe mentir
menton menu merci mercredi mercure meringue merle message mesure meuble micro midi miel mieux mignon mijoter milice
milieu militer mimosa mince ministre minuit minute miracle mirage miroir mission mitaine mixte mobile modeste moine
moineau molaire moment monde moniteur monnaie monsieur montagne monter montre monument moquer moral morceau mordre
mortier morue moteur motif moto mouette moulin mouvoir moyen muet muguet mulot multiple munir muraille musc muscle
musicien musique myope myrtille nacre nageur nappe narrer nation nature nautique naval navet navette navire neige
nerf nerveux nettoyer neveu nickel niveau noble nocturne noir noisette nombre nommer nord normal notaire note nougat
nourrir nous nouveau novembre novice nuage nuance nuque nymphe oasis objectif objet obliger observer obstacle
obtenir occasion occuper ocre octave octet octobre odeur offrir ogive oisif ombrelle omelette oncle onze opale
opinion opposer optique orage orbite oreille organe orgue orienter original orme orner orteil ortie oser otarie
ouate oubli oublier ouest ourlet ours oursin outil ouvrage ouvrier oxyde pacte page paille paisible paix palais
palier palourde panique panneau panorama pansage pantalon paon papa papillon papyrus paquet parade paraphe parasol
parc parcelle pardon pareil parent parfait parfois parfum parka parler parmi parole parrain partage partie partout
parure parvis passer passion pastel pasteur pastille patate patience patin patron pauvre pavage pavot payer pays
paysan peau peigne peindre pelage pelle pelote pelouse peluche pencher pendant pendule penser pension pente perdre
perdrix perron perruche personne petit peuple peur phare phoque photo phrase physique piano pichet pied pieuvre
pigeon pile pinceau pingouin pinson pioche pipeau pipette piquer pirate pirogue piscine pistache pivoine pizza
placard placer plafond plaie plaindre plaisir plan planche planeur plante plateau platine plein pleurer pleuvoir
plomb plongeon plonger plume plumier plupart plus pneu podium poids poignet poil poing pointure poireau poitrine
poivre poivron police pollen pommade pompe pompier poney pont porche porte portion portrait possible potage poteau
potier potiron pouce poulain poulet poulpe poumon pourquoi pousser poussin prairie praline pratique premier prendre
presse preuve prime prince principe priver probable prochain produire produit profil profiter profond projet
promener promesse propos propre prouver province prudence prune public pudding puis puiser puissant pull puma
punaise pupitre purger puzzle pyjama python quai quand quarante quart quartier quatorze quatre quelque querelle
question queue quinze quitter rabais rabot racine racler raconter radar radio rafale raffiner raideur rail raisin
ramasser rameau rang rapace raphia rapide rappeler rapport raser raton ravin rayure recette recevoir recharge
recopier record recours recruter recueil reculer redire refaire reflet refuge refus refuser regard regarder registre
regret reine rejeter relais relation relever relief reliure remettre remise remonter remords remorque remplir remuer
renfort renoncer rentrer repas repasser repentir replier reporter reposer reptile requin respect respirer ressort
rester retenir retour retraite revanche reverser revue rhum rideau ridicule rigide rigolo rituel rivage rival robe
robinet robuste roche romain rompre ronce rondin ronger rosace rosaire roseau rosier rotin rotule rouge rouille
rouleau rouler routine ruban rubis rude ruelle rugby rugir ruisseau rural rustique rythme sablier sabre saccage
sachet sacoche safari safran sagesse saisir salade salaire sale salir salive saluer salut samedi sandale sangle
sanglier sans sardine sauce saucisse saumon sauna sauter sautoir sauvage savane savoir savon scalpel scanner schiste
scie science scinder scolaire scooter score scorpion scout sculpter second secouer secret seiche seigle seize selon
semaine semelle semer semoule sensible sept sergent serin serrer serrure serveur service servir seuil siffler signal
signe silence silex sillage sillon simple sinon sirop sirupeux social socle soda soeur soif soixante soldat solde
soleil solo sommeil sommet sonder sonore sorbet sorcier sortir sottise souci souffle souffrir souhait soulever
soulier soupe source sourire souris souvenir souvent spacieux spatial sphinx spirale sport square stade station
statue stock studio style subir sucre sucrier suffire suite suivant sujet sultan superbe support surface surfer
surgir surplus surprise sursaut surtout survie symbole synonyme tabac tableau tabouret tailleur talent talus tambour
tamis tandem tango tante taper tard tarif tartine taupe taureau taxi tempo tenace tenir tennis tenter tenue terme
terminer terrain terrasse terrible terrier test texte textile ticket tiers tige tilleul timbre timide tirer tissage
tisser tissu titane toast toboggan toile toiser toit tomate tombe tonique tonne tonneau tonnerre torchon tornade
torrent torse tortue total totem toucan toucher touffe toujours toupie tourbe tourisme tournage tourner tournoi toux
trace tracteur trafic train traiter trajet tram travail travers trembler tremper trente treuil triangle tribu
tribune tricot trio triomphe triple triste trois trombone trompe tronc trop trottoir trouble troupeau trousse truc
truite tube tulipe tunnel turban turbine tuteur tuyau tympan type typique ultime unanime union unique univers urbain
urgent urne usage usine usuel utile utiliser vacances vaincre vaisseau valable valeur valoir valse vampire vanille
vannier variante varier vedette veille velours vendange vendredi venin verdure verger verglas vernis verre verrou
vers version vertical vertige vertu veston vexer viande vibrer victoire vide vieillir vigueur vilain vinaigre vingt
violet violon virgule virtuel visa visage visible vision visite vitamine vitesse vitrail vitrine vivant voilier
voisin voiture voix volaille volant volcan voler volume votre voyage voyelle vrai vraiment vulgaire wagon yacht
yaourt yoga zinc zodiaque zone zoom
`.trim().split(/\s+/);

export const PHRASE_WORDS = 6;
export const PHRASE_BITS = PHRASE_WORDS * 11;

/** 2,048 divides 65,536: the low 11 bits of two random bytes are even. */
export function makePhrase(): string {
  const bytes = random(2 * PHRASE_WORDS);
  const word = (i: number): string => WORDS[(((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number)) & 2047] as string;
  return Array.from({ length: PHRASE_WORDS }, (_, i) => word(i)).join(" ");
}

/** What a person types: capitals, accents, hyphens and double spaces do not matter. */
export const normalisePhrase = (typed: string): string =>
  typed.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^a-z0-9]+/).filter(Boolean).join(" ");

/** Words that are not in the list, to tell a slip of the finger before the slow check. */
export const strangers = (phrase: string): string[] => phrase.split(" ").filter((word) => word && !WORDS.includes(word));
