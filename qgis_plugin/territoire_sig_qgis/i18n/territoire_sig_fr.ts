<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
  <context>
    <name>TerritoireSig</name>
    <message>
      <source>Number of units</source>
      <translation>Nombre d'unités</translation>
    </message>
    <message>
      <source>Number of unknown values</source>
      <translation>Nombre de valeurs inconnues</translation>
    </message>
    <message>
      <source>Smallest known share</source>
      <translation>Plus petite part connue</translation>
    </message>
    <message>
      <source>Number of features of the map</source>
      <translation>Nombre d'entités de la carte</translation>
    </message>
    <message>
      <source>Time of the computation (s)</source>
      <translation>Durée du calcul (s)</translation>
    </message>
    <message>
      <source>polygons</source>
      <translation>des polygones</translation>
    </message>
    <message>
      <source>lines</source>
      <translation>des lignes</translation>
    </message>
    <message>
      <source>points</source>
      <translation>des points</translation>
    </message>
    <message>
      <source>Map: areas</source>
      <translation>Carte : surfaces</translation>
    </message>
    <message>
      <source>Map: lines</source>
      <translation>Carte : lignes</translation>
    </message>
    <message>
      <source>Map: points</source>
      <translation>Carte : points</translation>
    </message>
    <message>
      <source>Indicators by unit</source>
      <translation>Indicateurs par unité</translation>
    </message>
    <message>
      <source>Units (communes, IRIS, squares…)</source>
      <translation>Unités (communes, IRIS, carreaux…)</translation>
    </message>
    <message>
      <source>Field of the code of the units</source>
      <translation>Champ du code des unités</translation>
    </message>
    <message>
      <source>Field of the name of the units</source>
      <translation>Champ du nom des unités</translation>
    </message>
    <message>
      <source>Level of the units</source>
      <translation>Niveau des unités</translation>
    </message>
    <message>
      <source>Fields that bear another name</source>
      <translation>Champs qui portent un autre nom</translation>
    </message>
    <message>
      <source>Role</source>
      <translation>Rôle</translation>
    </message>
    <message>
      <source>Column</source>
      <translation>Colonne</translation>
    </message>
    <message>
      <source>Field of the layer</source>
      <translation>Champ de la couche</translation>
    </message>
    <message>
      <source>Analysis CRS (the official one)</source>
      <translation>Système d'analyse (par défaut, l'officiel)</translation>
    </message>
    <message>
      <source>Values of the whole territory</source>
      <translation>Valeurs du territoire entier</translation>
    </message>
    <message>
      <source>At least one of these layers is needed: {}.</source>
      <translation>Il faut au moins une de ces couches : {}.</translation>
    </message>
    <message>
      <source>{name}: the layer “{layer}” must hold {kind}.</source>
      <translation>{name} : la couche « {layer} » doit contenir {kind}.</translation>
    </message>
    <message>
      <source>{name}: the layer “{layer}” has no CRS.
Mend: set it in its properties.</source>
      <translation>{name} : la couche « {layer} » n'a pas de système de coordonnées.
Remède : définissez-le dans ses propriétés.</translation>
    </message>
    <message>
      <source>The analysis CRS {} is not in metres.
Mend: take EPSG:2154, or leave this parameter empty.</source>
      <translation>Le système d'analyse {} n'est pas en mètres.
Remède : prenez EPSG:2154, ou laissez ce paramètre vide.</translation>
    </message>
    <message>
      <source>copying the layers for the engine</source>
      <translation>copie des couches pour le moteur</translation>
    </message>
    <message>
      <source>{name}: the layer is no longer in the project.
Mend: choose another, and run again.</source>
      <translation>{name} : la couche n'est plus dans le projet.
Remède : choisissez-en une autre, et relancez.</translation>
    </message>
    <message>
      <source>map not given: {title}, {rows} feature(s)</source>
      <translation>carte non rendue : {title}, {rows} entité(s)</translation>
    </message>
    <message>
      <source>1 Prepare</source>
      <translation>1 Préparer</translation>
    </message>
    <message>
      <source>2 Cross policies</source>
      <translation>2 Croiser les politiques</translation>
    </message>
    <message>
      <source>3 Diagnose</source>
      <translation>3 Diagnostiquer</translation>
    </message>
    <message>
      <source>4 Map</source>
      <translation>4 Cartographier</translation>
    </message>
    <message>
      <source>Units (layer of indicators)</source>
      <translation>Unités (couche d'indicateurs)</translation>
    </message>
    <message>
      <source>Indicator</source>
      <translation>Indicateur</translation>
    </message>
    <message>
      <source>Second indicator: map of two quantities</source>
      <translation>Second indicateur : carte à deux grandeurs</translation>
    </message>
    <message>
      <source>Map of one indicator, or of two</source>
      <translation>Carte d'un indicateur, ou de deux</translation>
    </message>
    <message>
      <source>&lt;p&gt;Styles a layer by one indicator (five classes, “unknown” hatched), or by two at once: nine classes of three by three, cut at the thirds of the known units, blue for the first, orange for the second, dark when both are high. The colours stay distinct for a colour-blind reader. It gives a style (QML) and, for two quantities, a legend (SVG) to lay in a layout.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Met en forme une couche par un indicateur (cinq classes, « inconnu » hachuré), ou par deux à la fois : neuf classes de trois sur trois, coupées aux tiers des unités connues, du bleu pour le premier, de l'orangé pour le second, sombres quand les deux sont hauts. Les couleurs restent distinctes pour un lecteur daltonien. Il en sort un style (QML) et, à deux grandeurs, une légende (SVG) à poser dans une mise en page.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>Style</source>
      <translation>Style</translation>
    </message>
    <message>
      <source>Legend of two quantities</source>
      <translation>Légende à deux grandeurs</translation>
    </message>
    <message>
      <source>Atlas by commune (PDF)</source>
      <translation>Atlas par commune (PDF)</translation>
    </message>
    <message>
      <source>&lt;p&gt;Makes a PDF of one page a unit: the map around it, its outline, the legend, the scale, the north, the values of the chosen fields and the sources. Without an indicator, the layer keeps the style that it bears. The page template also serves by hand: &lt;i&gt;Project › New Print Layout&lt;/i&gt;, then &lt;i&gt;Add Items from Template&lt;/i&gt;.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Fait un PDF d'une page par unité : la carte autour d'elle, son contour, la légende, l'échelle, le nord, les valeurs des champs choisis et les sources. Sans indicateur, la couche garde le style qu'elle porte. Le modèle de page peut aussi servir à la main : &lt;i&gt;Projet › Nouvelle mise en page&lt;/i&gt;, puis &lt;i&gt;Ajouter depuis un modèle&lt;/i&gt;.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>Fields whose value is written</source>
      <translation>Champs dont la valeur est écrite</translation>
    </message>
    <message>
      <source>Layers above the units</source>
      <translation>Couches au-dessus des unités</translation>
    </message>
    <message>
      <source>Title</source>
      <translation>Titre</translation>
    </message>
    <message>
      <source>Sources and licences</source>
      <translation>Sources et licences</translation>
    </message>
    <message>
      <source>Page</source>
      <translation>Page</translation>
    </message>
    <message>
      <source>Atlas</source>
      <translation>Atlas</translation>
    </message>
    <message>
      <source>Number of pages</source>
      <translation>Nombre de pages</translation>
    </message>
    <message>
      <source>Known share</source>
      <translation>Part connue</translation>
    </message>
    <message>
      <source>“{file}” is not the GeoPackage of a diagnosis.
Mend: choose the file diagnostic.gpkg of a folder of results.</source>
      <translation>« {file} » n'est pas le GeoPackage d'un diagnostic.
Remède : choisissez le fichier diagnostic.gpkg d'un dossier de résultats.</translation>
    </message>
    <message>
      <source>to settle</source>
      <translation>à traiter</translation>
    </message>
    <message>
      <source>settled</source>
      <translation>arbitré</translation>
    </message>
    <message>
      <source>set aside</source>
      <translation>écarté</translation>
    </message>
    <message>
      <source>The layer “{}” is being edited.
Mend: save or discard its edits.</source>
      <translation>La couche « {} » est en cours de modification.
Remède : enregistrez ou abandonnez ses modifications.</translation>
    </message>
    <message>
      <source>The decision was not saved in {file}: {why}
Mend: close the program that holds this file, or free some room, then do it again.</source>
      <translation>La décision n'a pas été enregistrée dans {file} : {why}
Remède : fermez le programme qui tient ce fichier, ou libérez de la place, puis recommencez.</translation>
    </message>
    <message>
      <source>“{file}” was not written by a diagnosis of this panel, and would be replaced.
Mend: choose another folder for the results.</source>
      <translation>« {file} » n'a pas été écrit par un diagnostic de ce panneau, et serait remplacé.
Remède : choisissez un autre dossier pour les résultats.</translation>
    </message>
    <message>
      <source>The decisions kept in {file} cannot be read: {why}
Mend: save it as CSV in UTF-8 with the columns {columns}, or move it out of this folder.</source>
      <translation>Les décisions gardées dans {file} sont illisibles : {why}
Remède : enregistrez ce fichier en CSV UTF-8 avec les colonnes {columns}, ou sortez-le de ce dossier.</translation>
    </message>
    <message>
      <source>The register was not exported: {file}, {why}
Mend: run the diagnosis again, or choose another file.</source>
      <translation>Le registre n'a pas été exporté : {file}, {why}
Remède : relancez le diagnostic, ou choisissez un autre fichier.</translation>
    </message>
    <message>
      <source>{} is not the register of these findings.
Mend: run the diagnosis again in this folder.</source>
      <translation>{} n'est pas le registre de ces constats.
Remède : relancez le diagnostic dans ce dossier.</translation>
    </message>
    <message>
      <source>The units of the territory (communes, IRIS…) and the field of their code are missing.
Mend: choose them at the top of the tab Territory.</source>
      <translation>Il manque les unités du territoire (communes, IRIS…) et le champ de leur code.
Remède : choisissez-les en tête de l'onglet Territoire.</translation>
    </message>
    <message>
      <source>No role has a layer.
Mend: choose at least one layer in the tab Territory.</source>
      <translation>Aucun rôle n'a de couche.
Remède : choisissez au moins une couche dans l'onglet Territoire.</translation>
    </message>
    <message>
      <source>copying “{}”</source>
      <translation>copie de « {} »</translation>
    </message>
    <message>
      <source>The project was never saved: it has no folder for the results.
Mend: save the project, or choose a folder at the bottom of the tab Territory.</source>
      <translation>Le projet n'a jamais été enregistré : il n'a pas de dossier pour les résultats.
Remède : enregistrez le projet, ou choisissez un dossier au bas de l'onglet Territoire.</translation>
    </message>
    <message>
      <source>The layer “{name}” has no CRS.
Mend: set it in its properties.</source>
      <translation>La couche « {name} » n'a pas de système de coordonnées.
Remède : définissez-le dans ses propriétés.</translation>
    </message>
    <message>
      <source>“{name}” is left out: it lacks required columns of the role {role}.
Mend: click ⚠ in the tab Territory, and name them.</source>
      <translation>« {name} » est laissée de côté : il lui manque des colonnes obligatoires du rôle {role}.
Remède : cliquez sur ⚠ dans l'onglet Territoire, et désignez-les.</translation>
    </message>
    <message>
      <source>Coherence diagnosis</source>
      <translation>Diagnostic de cohérence</translation>
    </message>
    <message>
      <source>Conflicts found: </source>
      <translation>Conflits constatés : </translation>
    </message>
    <message>
      <source>Synergies found: </source>
      <translation>Synergies constatées : </translation>
    </message>
    <message>
      <source>{shown} finding(s) of {total}: those that the panel keeps</source>
      <translation>{shown} constat(s) sur {total} : ceux que garde le panneau</translation>
    </message>
    <message>
      <source>Exporting the atlas…</source>
      <translation>Export de l'atlas…</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Interrompre</translation>
    </message>
    <message>
      <source>Fields of “{}”</source>
      <translation>Champs de « {} »</translation>
    </message>
    <message>
      <source>* required</source>
      <translation>* obligatoire</translation>
    </message>
    <message>
      <source>Where is territoire_demo.qgz (folder data/sample of the repository)?</source>
      <translation>Où est territoire_demo.qgz (dossier data/sample du dépôt) ?</translation>
    </message>
    <message>
      <source>Coherence</source>
      <translation>Cohérence</translation>
    </message>
    <message>
      <source>Territory</source>
      <translation>Territoire</translation>
    </message>
    <message>
      <source>Results</source>
      <translation>Résultats</translation>
    </message>
    <message>
      <source>Territoire SIG – coherence diagnosis</source>
      <translation>Territoire SIG – diagnostic de cohérence</translation>
    </message>
    <message>
      <source>Classes of the new values; your own styles are kept in the menu Styles of: {}.</source>
      <translation>Classes des nouvelles valeurs ; vos propres styles restent dans le menu Styles de : {}.</translation>
    </message>
    <message>
      <source>Layer(s) being edited, that still show what was before: {}.
Mend: save or discard their edits, then open the diagnosis again.</source>
      <translation>Couche(s) en cours de modification, qui montrent encore l'état d'avant : {}.
Remède : enregistrez ou abandonnez leurs modifications, puis rouvrez le diagnostic.</translation>
    </message>
    <message>
      <source>Another project was opened meanwhile: the results are in {}.
Mend: in the project that they belong to, “Open a diagnosis…”.</source>
      <translation>Un autre projet a été ouvert entre-temps : les résultats sont dans {}.
Remède : dans leur projet, « Ouvrir un diagnostic… ».</translation>
    </message>
    <message>
      <source>{} warning(s): see the log.</source>
      <translation>{} avertissement(s) : voir le journal.</translation>
    </message>
    <message>
      <source>Diagnosis done: {conflict_count} conflict(s), {synergy_count} synergies, {unanswered_count} rule(s) or analyses not answered.</source>
      <translation>Diagnostic terminé : {conflict_count} conflit(s), {synergy_count} synergie(s), {unanswered_count} règle(s) ou analyse(s) sans réponse.</translation>
    </message>
    <message>
      <source>{given} decision(s) taken over from the previous diagnosis; {lost} without a matching finding, kept in arbitrages.csv.</source>
      <translation>{given} décision(s) reprise(s) du diagnostic précédent ; {lost} sans constat correspondant, gardée(s) dans arbitrages.csv.</translation>
    </message>
    <message>
      <source>{python}
Found by: {origin}.</source>
      <translation>{python}
Trouvé par : {origin}.</translation>
    </message>
    <message>
      <source>No folder of wheels is given.
Mend: choose the folder that holds the .whl files.</source>
      <translation>Aucun dossier de roues n'est donné.
Remède : choisissez le dossier qui contient les .whl.</translation>
    </message>
    <message>
      <source>Engine in service</source>
      <translation>Moteur en service</translation>
    </message>
    <message>
      <source>Test</source>
      <translation>Tester</translation>
    </message>
    <message>
      <source>Name a Python that has the library</source>
      <translation>Désigner un Python où la bibliothèque est installée</translation>
    </message>
    <message>
      <source>empty: looked for by itself</source>
      <translation>vide : cherché tout seul</translation>
    </message>
    <message>
      <source>Make an engine in QGIS's profile</source>
      <translation>Fabriquer un moteur dans le profil de QGIS</translation>
    </message>
    <message>
      <source>from the Internet (QGIS's proxy)</source>
      <translation>par Internet (proxy de QGIS)</translation>
    </message>
    <message>
      <source>from a folder of wheels (.whl)</source>
      <translation>depuis un dossier de roues (.whl)</translation>
    </message>
    <message>
      <source>Base Python (3.11 or later)</source>
      <translation>Python de départ (3.11 ou plus)</translation>
    </message>
    <message>
      <source>Make</source>
      <translation>Fabriquer</translation>
    </message>
    <message>
      <source>The plugin computes nothing: the engine is the territoire_sig library, in a Python of its own, out of QGIS.</source>
      <translation>Le greffon ne calcule rien : le moteur est la bibliothèque territoire_sig, dans un Python à elle, hors de QGIS.</translation>
    </message>
    <message>
      <source>testing the engine</source>
      <translation>essai du moteur</translation>
    </message>
    <message>
      <source>The engine is ready: territoire_sig {library}, in {executable}.</source>
      <translation>Le moteur est prêt : territoire_sig {library}, dans {executable}.</translation>
    </message>
    <message>
      <source>making the engine</source>
      <translation>fabrication du moteur</translation>
    </message>
    <message>
      <source>note of the departments</source>
      <translation>note des services</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Enregistrer</translation>
    </message>
    <message>
      <source>Choose a finding in the list.</source>
      <translation>Choisissez un constat dans la liste.</translation>
    </message>
    <message>
      <source>Severity</source>
      <translation>Gravité</translation>
    </message>
    <message>
      <source>Score</source>
      <translation>Score</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Taille</translation>
    </message>
    <message>
      <source>People</source>
      <translation>Habitants</translation>
    </message>
    <message>
      <source>Clause</source>
      <translation>Article</translation>
    </message>
    <message>
      <source>Departments</source>
      <translation>Services</translation>
    </message>
    <message>
      <source>Actors</source>
      <translation>Acteurs</translation>
    </message>
    <message>
      <source>Approximation</source>
      <translation>Approximation</translation>
    </message>
    <message>
      <source>Rank</source>
      <translation>Rang</translation>
    </message>
    <message>
      <source>Finding</source>
      <translation>Constat</translation>
    </message>
    <message>
      <source>Unit</source>
      <translation>Unité</translation>
    </message>
    <message>
      <source>Object</source>
      <translation>Objet</translation>
    </message>
    <message>
      <source>Decision</source>
      <translation>Décision</translation>
    </message>
    <message>
      <source>unknown</source>
      <translation>inconnu</translation>
    </message>
    <message>
      <source>
{conflicts} conflict(s), {synergies} synergies
People concerned: {people}
Rules judged: {answered}; not answered: {unanswered}</source>
      <translation>
{conflicts} conflit(s), {synergies} synergie(s)
Habitants concernés : {people}
Règles jugées : {answered} ; sans réponse : {unanswered}</translation>
    </message>
    <message>
      <source>Coherence panel</source>
      <translation>Panneau Cohérence</translation>
    </message>
    <message>
      <source>Open the demo project</source>
      <translation>Ouvrir le projet de démonstration</translation>
    </message>
    <message>
      <source>Engine…</source>
      <translation>Moteur…</translation>
    </message>
    <message>
      <source>The decision or the note on “{}” is not saved.</source>
      <translation>La décision ou la note sur « {} » n'est pas enregistrée.</translation>
    </message>
    <message>
      <source>Territoire SIG – engine</source>
      <translation>Territoire SIG – moteur</translation>
    </message>
    <message>
      <source>Rule or analysis</source>
      <translation>Règle ou analyse</translation>
    </message>
    <message>
      <source>Missing</source>
      <translation>Il manque</translation>
    </message>
    <message>
      <source>Ready: {rules} of {all_rules} rules, {analyses} of {all_analyses} analyses.</source>
      <translation>À jouer : {rules} règles sur {all_rules}, {analyses} analyses sur {all_analyses}.</translation>
    </message>
    <message>
      <source>ready</source>
      <translation>prête</translation>
    </message>
    <message>
      <source>No diagnosis open: run it, or open one, in the tab Territory.</source>
      <translation>Aucun diagnostic ouvert : lancez-le, ou ouvrez-en un, dans l'onglet Territoire.</translation>
    </message>
    <message>
      <source>Layer(s) being edited, not filtered: {}.
Mend: save their edits.</source>
      <translation>Couche(s) en cours de modification, non filtrée(s) : {}.
Remède : enregistrez leurs modifications.</translation>
    </message>
    <message>
      <source>Export the register</source>
      <translation>Exporter le registre</translation>
    </message>
    <message>
      <source>Register exported: {count} conflict(s), {path}</source>
      <translation>Registre exporté : {count} conflit(s), {path}</translation>
    </message>
    <message>
      <source>Export the atlas</source>
      <translation>Exporter l'atlas</translation>
    </message>
    <message>
      <source>Atlas exported: {count} page(s), {path}</source>
      <translation>Atlas exporté : {count} page(s), {path}</translation>
    </message>
    <message>
      <source>Register…</source>
      <translation>Registre…</translation>
    </message>
    <message>
      <source>Export the register as CSV</source>
      <translation>Exporter le registre en CSV</translation>
    </message>
    <message>
      <source>Atlas…</source>
      <translation>Atlas…</translation>
    </message>
    <message>
      <source>Export the findings of the list as a PDF, one page a unit</source>
      <translation>Exporter les constats de la liste en PDF, une page par unité</translation>
    </message>
    <message>
      <source>all findings</source>
      <translation>tous les constats</translation>
    </message>
    <message>
      <source>conflicts</source>
      <translation>conflits</translation>
    </message>
    <message>
      <source>synergies</source>
      <translation>synergies</translation>
    </message>
    <message>
      <source>any decision</source>
      <translation>toute décision</translation>
    </message>
    <message>
      <source>search…</source>
      <translation>chercher…</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Tout</translation>
    </message>
    <message>
      <source>Show all findings</source>
      <translation>Montrer tous les constats</translation>
    </message>
    <message>
      <source>Not saved, on “{title}”: {decision}, “{note}”.</source>
      <translation>Non enregistré, sur « {title} » : {decision}, « {note} ».</translation>
    </message>
    <message>
      <source>&lt;b&gt;{conflicts}&lt;/b&gt; conflict(s), {open} to settle; &lt;b&gt;{synergies}&lt;/b&gt; synergies</source>
      <translation>&lt;b&gt;{conflicts}&lt;/b&gt; conflit(s), dont {open} à traiter ; &lt;b&gt;{synergies}&lt;/b&gt; synergie(s)</translation>
    </message>
    <message>
      <source>Layer of the project</source>
      <translation>Couche du projet</translation>
    </message>
    <message>
      <source>missing columns: {}</source>
      <translation>colonnes absentes : {}</translation>
    </message>
    <message>
      <source> (click ⚠ to name its fields)</source>
      <translation> (cliquez sur ⚠ pour nommer ses champs)</translation>
    </message>
    <message>
      <source>chosen by hand</source>
      <translation>choisie à la main</translation>
    </message>
    <message>
      <source>guessed from its names and fields</source>
      <translation>devinée d'après ses noms et ses champs</translation>
    </message>
    <message>
      <source>(none)</source>
      <translation>(aucune)</translation>
    </message>
    <message>
      <source>before the new diagnosis</source>
      <translation>avant le nouveau diagnostic</translation>
    </message>
    <message>
      <source>Cancelled.</source>
      <translation>Interrompu.</translation>
    </message>
    <message>
      <source>Unexpected error of the plugin: {error}
Mend: run again; if it happens again, send the log with a report. Your layers were not touched.</source>
      <translation>Erreur inattendue du greffon : {error}
Remède : relancez ; si cela se répète, joignez le journal à un signalement. Vos couches n'ont pas été touchées.</translation>
    </message>
    <message>
      <source>Results in</source>
      <translation>Résultats dans</translation>
    </message>
    <message>
      <source>Run the diagnosis</source>
      <translation>Lancer le diagnostic</translation>
    </message>
    <message>
      <source>Guess again</source>
      <translation>Deviner à nouveau</translation>
    </message>
    <message>
      <source>Open a diagnosis…</source>
      <translation>Ouvrir un diagnostic…</translation>
    </message>
    <message>
      <source>Open a diagnosis</source>
      <translation>Ouvrir un diagnostic</translation>
    </message>
    <message>
      <source>save the project, or choose a folder</source>
      <translation>enregistrez le projet, ou choisissez un dossier</translation>
    </message>
    <message>
      <source>Units of the territory</source>
      <translation>Unités du territoire</translation>
    </message>
    <message>
      <source>communes</source>
      <translation>communes</translation>
    </message>
    <message>
      <source>IRIS</source>
      <translation>IRIS</translation>
    </message>
    <message>
      <source>squares</source>
      <translation>carreaux</translation>
    </message>
    <message>
      <source>others</source>
      <translation>autres</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Couche</translation>
    </message>
    <message>
      <source>Code, name</source>
      <translation>Code, nom</translation>
    </message>
    <message>
      <source>The engine does not start ({python}): {why}.
Mend: check that this is the path of a Python.</source>
      <translation>Le moteur ne démarre pas ({python}) : {why}.
Remède : vérifiez que ce chemin est celui d'un Python.</translation>
    </message>
    <message>
      <source>Cancelled: the engine is stopped.</source>
      <translation>Interrompu : le moteur est arrêté.</translation>
    </message>
    <message>
      <source>The library territoire_sig is not installed in {python}.
Mend: install it (pip install territoire-sig), or name another Python.</source>
      <translation>La bibliothèque territoire_sig n'est pas installée dans {python}.
Remède : installez-la (pip install territoire-sig), ou désignez un autre Python.</translation>
    </message>
    <message>
      <source>The engine ended without an answer (code {code}): {why}
Mend: run again; if it happens again, send the log “{log}” with a report.</source>
      <translation>Le moteur s'est arrêté sans réponse (code {code}) : {why}
Remède : relancez ; si cela se répète, joignez le journal « {log} » à un signalement.</translation>
    </message>
    <message>
      <source>making the environment</source>
      <translation>création de l'environnement</translation>
    </message>
    <message>
      <source>installing the library</source>
      <translation>installation de la bibliothèque</translation>
    </message>
    <message>
      <source>{base} is Python {found}, and version 3.11 or later is needed.
Mend: install a later Python, and choose it.</source>
      <translation>{base} est un Python {found}, et il en faut un de version 3.11 ou plus récente.
Remède : installez un Python plus récent, et choisissez-le.</translation>
    </message>
    <message>
      <source>{base} cannot make an environment: {why}
Mend: choose another Python; on Debian and Ubuntu, install the package python3-venv.</source>
      <translation>{base} ne peut pas créer d'environnement : {why}
Remède : choisissez un autre Python ; sous Debian et Ubuntu, installez le paquet python3-venv.</translation>
    </message>
    <message>
      <source>“{program}” does not start: {why}.
Mend: choose another Python.</source>
      <translation>« {program} » ne démarre pas : {why}.
Remède : choisissez un autre Python.</translation>
    </message>
    <message>
      <source>Cancelled: nothing was installed.</source>
      <translation>Interrompu : rien n'a été installé.</translation>
    </message>
    <message>
      <source>The installation of the engine failed: {why}
Mend: check the network and QGIS's proxy (Settings › Options › Network), or give a complete folder of wheels (.whl). All that pip said is in the log “{log}”.</source>
      <translation>L'installation du moteur a échoué : {why}
Remède : vérifiez le réseau et le proxy de QGIS (Préférences › Options › Réseau), ou donnez un dossier de roues (.whl) complet. Tout ce qu'a dit pip est dans le journal « {log} ».</translation>
    </message>
    <message>
      <source>The territoire_sig engine is not found: {origin} names “{path}”, which does not exist.
Mend: correct or clear it (menu Territoire SIG › Engine).</source>
      <translation>Le moteur territoire_sig est introuvable : {origin} désigne « {path} », qui n'existe pas.
Remède : corrigez ou effacez ce réglage (menu Territoire SIG › Moteur).</translation>
    </message>
    <message>
      <source>No territoire_sig engine was found.
Mend: open the menu Territoire SIG › Engine, which makes one; or install the library in Python 3.11 or later (pip install territoire-sig), then give the path of that Python in the variable {variable}, or in the setting {setting} of QGIS.</source>
      <translation>Aucun moteur territoire_sig n'a été trouvé.
Remède : ouvrez le menu Territoire SIG › Moteur, qui en fabrique un ; ou installez la bibliothèque dans un Python 3.11 ou plus récent (pip install territoire-sig), puis donnez le chemin de ce Python dans la variable {variable}, ou dans le réglage {setting} de QGIS.</translation>
    </message>
    <message>
      <source>the setting {}</source>
      <translation>le réglage {}</translation>
    </message>
    <message>
      <source>the variable {}</source>
      <translation>la variable {}</translation>
    </message>
    <message>
      <source>the environment of the profile</source>
      <translation>l'environnement du profil</translation>
    </message>
    <message>
      <source>limited</source>
      <translation>limitée</translation>
    </message>
    <message>
      <source>serious</source>
      <translation>sérieuse</translation>
    </message>
    <message>
      <source>severe</source>
      <translation>grave</translation>
    </message>
    <message>
      <source>cancels</source>
      <translation>annule</translation>
    </message>
    <message>
      <source>counteracts</source>
      <translation>contrarie</translation>
    </message>
    <message>
      <source>constrains</source>
      <translation>contraint</translation>
    </message>
    <message>
      <source>neutral</source>
      <translation>neutre</translation>
    </message>
    <message>
      <source>enables</source>
      <translation>permet</translation>
    </message>
    <message>
      <source>reinforces</source>
      <translation>renforce</translation>
    </message>
    <message>
      <source>indivisible</source>
      <translation>indissociable</translation>
    </message>
    <message>
      <source>Severity in words</source>
      <translation>Gravité en toutes lettres</translation>
    </message>
    <message>
      <source>Score in words</source>
      <translation>Score en toutes lettres</translation>
    </message>
    <message>
      <source>Name of a policy</source>
      <translation>Nom d'une politique</translation>
    </message>
    <message>
      <source>Meaning of a role</source>
      <translation>Sens d'un rôle</translation>
    </message>
    <message>
      <source>Share as a percentage</source>
      <translation>Part en pourcentage</translation>
    </message>
    <message>
      <source>The layer “{name}” is being edited, and its file would be replaced.
Mend: save or discard its edits, or write elsewhere.</source>
      <translation>La couche « {name} » est en cours de modification, et son fichier serait remplacé.
Remède : enregistrez ou abandonnez ses modifications, ou écrivez ailleurs.</translation>
    </message>
    <message>
      <source>Cannot write {path}: {why}
Mend: free some room, close the program or the layer that holds this file, or write elsewhere.</source>
      <translation>Impossible d'écrire {path} : {why}
Remède : libérez de la place, fermez le programme ou la couche qui tient ce fichier, ou écrivez ailleurs.</translation>
    </message>
    <message>
      <source>Formula</source>
      <translation>Formule</translation>
    </message>
    <message>
      <source>Reading</source>
      <translation>Lecture</translation>
    </message>
    <message>
      <source>Limits</source>
      <translation>Limites</translation>
    </message>
    <message>
      <source>Reference</source>
      <translation>Référence</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Couches</translation>
    </message>
    <message>
      <source>Indicators, by unit</source>
      <translation>Indicateurs, par unité</translation>
    </message>
    <message>
      <source>NULL: unknown value, never zero. “part_connue”: share of the unit that the data reach.</source>
      <translation>NULL : valeur inconnue, jamais zéro. « part_connue » : part de l'unité que les données atteignent.</translation>
    </message>
    <message>
      <source>: </source>
      <translation> : </translation>
    </message>
    <message>
      <source> (optional)</source>
      <translation> (facultatif)</translation>
    </message>
    <message>
      <source>; required columns: {}</source>
      <translation> ; colonnes obligatoires : {}</translation>
    </message>
    <message>
      <source>the indicators by unit of all the other analyses</source>
      <translation>les indicateurs par unité de toutes les autres analyses</translation>
    </message>
    <message>
      <source>the matrix of the policies, made of the findings of all the rules</source>
      <translation>la matrice des politiques, faite des constats de toutes les règles</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Fichier</translation>
    </message>
    <message>
      <source>Inputs</source>
      <translation>Entrées</translation>
    </message>
    <message>
      <source>Outputs</source>
      <translation>Sorties</translation>
    </message>
    <message>
      <source>Territory file (territoire.toml)</source>
      <translation>Fichier de territoire (territoire.toml)</translation>
    </message>
    <message>
      <source>Map</source>
      <translation>Carte</translation>
    </message>
    <message>
      <source>Tables</source>
      <translation>Tables</translation>
    </message>
    <message>
      <source> (and {} more)</source>
      <translation> (et {} de plus)</translation>
    </message>
    <message>
      <source>low</source>
      <translation>faible</translation>
    </message>
    <message>
      <source>high</source>
      <translation>fort</translation>
    </message>
    <message>
      <source>Unknown page: {page}. Pages: {pages}.</source>
      <translation>Page inconnue : {page}. Pages : {pages}.</translation>
    </message>
    <message>
      <source>Unreadable template: {}</source>
      <translation>Modèle illisible : {}</translation>
    </message>
    <message>
      <source>The atlas follows a layer of polygons, and “{}” is not one.
Mend: take that of the units.</source>
      <translation>L'atlas suit une couche de polygones, et « {} » n'en est pas une.
Remède : prenez celle des unités.</translation>
    </message>
    <message>
      <source>The layer “{}” is empty: the atlas would have no page.
Mend: complete it, or remove its filter.</source>
      <translation>La couche « {} » est vide : l'atlas n'aurait pas de page.
Remède : complétez-la, ou ôtez son filtre.</translation>
    </message>
    <message>
      <source>The layer “{}” has no CRS.
Mend: set it in its properties.</source>
      <translation>La couche « {} » n'a pas de système de coordonnées.
Remède : définissez-le dans ses propriétés.</translation>
    </message>
    <message>
      <source>No field “{}”.
Mend: choose that of the name.</source>
      <translation>Champ absent : « {} ».
Remède : choisissez celui du nom.</translation>
    </message>
    <message>
      <source>Cancelled: no file is written.</source>
      <translation>Interrompu : aucun fichier n'est écrit.</translation>
    </message>
    <message>
      <source>Read: {}</source>
      <translation>Lire : {}</translation>
    </message>
    <message>
      <source>&lt;p&gt;Reads a delivery of this format (folder, archive or file) and makes a GeoPackage of it: one layer a role, checked, reprojected, named, styled and documented. Codes and columns bear the names that the analyses expect. The file read is not changed.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Lit une livraison de ce format (dossier, archive ou fichier) et en fait un GeoPackage : une couche par rôle, contrôlée, reprojetée, nommée, mise en forme et documentée. Les codes et les colonnes portent le nom que les analyses attendent. Le fichier lu n'est pas modifié.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>Roles</source>
      <translation>Rôles</translation>
    </message>
    <message>
      <source>File or archive</source>
      <translation>Fichier ou archive</translation>
    </message>
    <message>
      <source>or folder</source>
      <translation>ou dossier</translation>
    </message>
    <message>
      <source>Role (all, where none is chosen)</source>
      <translation>Rôle (tous, si rien n'est choisi)</translation>
    </message>
    <message>
      <source>Add the layers to the project</source>
      <translation>Ajouter les couches au projet</translation>
    </message>
    <message>
      <source>GeoPackage of the layers</source>
      <translation>GeoPackage des couches</translation>
    </message>
    <message>
      <source>Number of layers</source>
      <translation>Nombre de couches</translation>
    </message>
    <message>
      <source>Number of features</source>
      <translation>Nombre d'entités</translation>
    </message>
    <message>
      <source>Give a file or a folder.</source>
      <translation>Donnez un fichier ou un dossier.</translation>
    </message>
    <message>
      <source>Layer of the file</source>
      <translation>Couche du fichier</translation>
    </message>
    <message>
      <source>Encoding of the text (where the file is wrong)</source>
      <translation>Encodage du texte (si le fichier se trompe)</translation>
    </message>
    <message>
      <source>CRS of the file (where it says none)</source>
      <translation>Système du fichier (s'il ne le dit pas)</translation>
    </message>
    <message>
      <source>CRS of the layers (the official one)</source>
      <translation>Système des couches (par défaut, l'officiel)</translation>
    </message>
    <message>
      <source>Columns that bear another name</source>
      <translation>Colonnes qui portent un autre nom</translation>
    </message>
    <message>
      <source>Column of the role</source>
      <translation>Colonne du rôle</translation>
    </message>
    <message>
      <source>Column of the file</source>
      <translation>Colonne du fichier</translation>
    </message>
    <message>
      <source>It reads {}: the whole territory is measured first.</source>
      <translation>Elle lit {} : tout le territoire est d'abord mesuré.</translation>
    </message>
    <message>
      <source>Unreadable result of the engine: {}</source>
      <translation>Résultat du moteur illisible : {}</translation>
    </message>
    <message>
      <source>The raster “{name}” comes from a server ({provider}), and the engine reads files.
Mend: export it to a GeoTIFF, and choose that one.</source>
      <translation>Le raster « {name} » vient d'un serveur ({provider}), et le moteur lit des fichiers.
Remède : exportez-le en GeoTIFF, et choisissez celui-ci.</translation>
    </message>
    <message>
      <source>The layer “{name}” cannot be handed to the engine: {why}
Mend: free some room in the temporary folder, or export the layer to a GeoPackage.</source>
      <translation>La couche « {name} » ne peut pas être transmise au moteur : {why}
Remède : libérez de la place dans le dossier temporaire, ou exportez la couche en GeoPackage.</translation>
    </message>
    <message>
      <source>The layer “{name}” is empty (or nothing is selected in it).
Mend: complete it, or choose another.</source>
      <translation>La couche « {name} » est vide (ou rien n'y est sélectionné).
Remède : complétez-la, ou choisissez-en une autre.</translation>
    </message>
    <message>
      <source>Number of conflicts</source>
      <translation>Nombre de conflits</translation>
    </message>
    <message>
      <source>Number of synergies</source>
      <translation>Nombre de synergies</translation>
    </message>
    <message>
      <source>Rules and analyses not answered</source>
      <translation>Règles et analyses sans réponse</translation>
    </message>
    <message>
      <source>Library territoire_sig</source>
      <translation>Bibliothèque territoire_sig</translation>
    </message>
    <message>
      <source>Path of the Python of the engine</source>
      <translation>Chemin du Python du moteur</translation>
    </message>
    <message>
      <source>Check a territory</source>
      <translation>Vérifier un territoire</translation>
    </message>
    <message>
      <source>&lt;p&gt;Reads a territory file and all its layers, computes nothing, and gives every fault at once: file, layer, column, value, problem and mend. An empty table means that all is well.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Lit un fichier de territoire et toutes ses couches, sans rien calculer, et donne toutes les fautes à la fois : fichier, couche, colonne, valeur, problème et remède. Une table vide veut dire que tout va.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>Faults</source>
      <translation>Fautes</translation>
    </message>
    <message>
      <source>Number of faults</source>
      <translation>Nombre de fautes</translation>
    </message>
    <message>
      <source>Coherence diagnosis of a territory</source>
      <translation>Diagnostic de cohérence d'un territoire</translation>
    </message>
    <message>
      <source>&lt;p&gt;&lt;b&gt;Is this digital plan coherent with our other policies?&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Runs all the analyses and rules of a territory, and writes to a folder: the findings, the indicators, the matrix of policies, the register of conflicts, the report, and the styled layers.&lt;/p&gt;</source>
      <translation>&lt;p&gt;&lt;b&gt;Ce plan numérique est-il en cohérence avec nos autres politiques ?&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Joue toutes les analyses et toutes les règles d'un territoire, et écrit dans un dossier : les constats, les indicateurs, la matrice des politiques, le registre des conflits, le rapport, et les couches mises en forme.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>Only these rules or analyses (a, b…)</source>
      <translation>Seulement ces règles ou analyses (a, b…)</translation>
    </message>
    <message>
      <source>Folder of the results</source>
      <translation>Dossier des résultats</translation>
    </message>
    <message>
      <source>GeoPackage</source>
      <translation>GeoPackage</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Rapport</translation>
    </message>
    <message>
      <source>not answered: {} ({} missing)</source>
      <translation>sans réponse : {} (il manque {})</translation>
    </message>
    <message>
      <source>Test the engine</source>
      <translation>Tester le moteur</translation>
    </message>
    <message>
      <source>&lt;p&gt;Starts the engine, gives its versions (library, Python, GDAL, PROJ, GEOS), and brings the list of analyses up to date with it.&lt;/p&gt;</source>
      <translation>&lt;p&gt;Démarre le moteur, donne ses versions (bibliothèque, Python, GDAL, PROJ, GEOS), et met à jour la liste des analyses d'après lui.&lt;/p&gt;</translation>
    </message>
    <message>
      <source>Number of analyses</source>
      <translation>Nombre d'analyses</translation>
    </message>
    <message>
      <source>{name}: {text}</source>
      <translation>{name} : {text}</translation>
    </message>
  </context>
</TS>
