import django.contrib.postgres.constraints
import django.contrib.postgres.operations
import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('authorities', '0001_initial'),
        ('documents', '0001_initial'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('subject_id', models.UUIDField(db_index=True)),
                ('kind', models.CharField(choices=[('deliberation', 'Délibération de l’agglomération'), ('commune_deliberation', 'Délibération de la commune'), ('signed_agreement', 'Convention signée'), ('amendment', 'Avenant'), ('notice_letter', 'Lettre recommandée'), ('constitutive', 'Convention constitutive du groupement'), ('decision', 'Décision d’adhésion'), ('contract', 'Pièce du marché'), ('signed_order', 'Bon de commande signé'), ('delivery', 'Procès-verbal de réception'), ('invoice', 'Facture'), ('minutes', 'Compte rendu'), ('dispute', 'Pièce du litige'), ('other', 'Autre pièce')], max_length=24, verbose_name='Nature')),
                ('title', models.CharField(max_length=200, verbose_name='Intitulé')),
                ('dated', models.DateField(blank=True, null=True, verbose_name='Date de la pièce')),
                ('added_by', models.UUIDField(null=True)),
                ('added_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
            ],
            options={
                'ordering': ['added_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='SentReminder',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('subject_id', models.UUIDField()),
                ('code', models.CharField(max_length=60)),
                ('sent_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('authority_id', 'subject_id', 'code'), name='one_reminder_of_each', violation_error_message='Ce rappel est déjà parti.')],
            },
        ),
        migrations.CreateModel(
            name='SharingAgreement',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('number', models.CharField(max_length=30, verbose_name='Numéro de la convention')),
                ('deliberation', models.CharField(blank=True, max_length=60, verbose_name='Délibération de l’agglomération')),
                ('deliberated_on', models.DateField(blank=True, null=True, verbose_name='Date de cette délibération')),
                ('commune_deliberation', models.CharField(blank=True, max_length=60, verbose_name='Délibération de la commune')),
                ('commune_deliberated_on', models.DateField(blank=True, null=True, verbose_name='Date de cette délibération')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Signée le')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='En vigueur à partir du')),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('renewals', models.PositiveSmallIntegerField(default=3)),
                ('amount_cents', models.BigIntegerField(default=0, editable=False)),
                ('state', models.CharField(choices=[('draft', 'En préparation'), ('running', 'En vigueur'), ('notice', 'Préavis en cours'), ('ended', 'Terminée')], default='draft', max_length=10)),
                ('notice_by', models.CharField(blank=True, choices=[('agglomeration', 'L’agglomération'), ('commune', 'La commune')], max_length=15)),
                ('notice_letter', models.CharField(blank=True, max_length=40, verbose_name='Numéro du recommandé')),
                ('notice_sent_on', models.DateField(blank=True, null=True, verbose_name='Envoyé le')),
                ('notice_received_on', models.DateField(blank=True, null=True, verbose_name='Reçu le')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='Pourquoi elle prend fin')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
            ],
            options={
                'ordering': ['commune__name', '-starts_on'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AgreementVersion',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('amendment', models.CharField(blank=True, max_length=300, verbose_name='Objet de l’avenant')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Signé le')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='En vigueur à partir du')),
                ('terms', models.JSONField(default=dict)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='pooling.sharingagreement')),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents', 0)), name='sharing_agreement_is_free', violation_error_message='La mise à disposition est gratuite\u202f: aucun montant ne s’y inscrit.'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.CheckConstraint(condition=models.Q(('renewals__lte', 3)), name='sharing_agreement_renewed_three_times_at_most', violation_error_message='La convention se reconduit trois fois au plus\u202f: quatre ans en tout.'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('ends_on__isnull', False), ('signed_on__isnull', False), ('starts_on__isnull', False)), models.Q(('signed_on__isnull', True), ('state', 'ended'), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='signed_sharing_agreement_has_its_dates', violation_error_message='Il manque la signature ou les dates de la convention.'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='sharing_agreement_ends_after_it_begins', violation_error_message='La convention finit avant de commencer. Vérifiez les dates.'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('commune',), name='one_drafted_sharing_agreement_per_commune', violation_error_message='Cette commune a déjà une convention en préparation. Ouvrez-la plutôt.'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('signed_on__isnull', False)), expressions=[('commune', '='), (models.Func('starts_on', 'ends_on', function='daterange'), '&&')], name='sharing_agreements_of_a_commune_do_not_overlap', violation_error_message='Une autre convention de cette commune couvre déjà ces jours. Choisissez une date après sa fin.'),
        ),
        migrations.AddConstraint(
            model_name='sharingagreement',
            constraint=models.UniqueConstraint(fields=('authority_id', 'number'), name='one_sharing_agreement_per_number', violation_error_message='Une convention porte déjà ce numéro. Choisissez-en un autre.'),
        ),
        migrations.AddConstraint(
            model_name='agreementversion',
            constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='one_version_per_number', violation_error_message='Un autre avenant vient d’être enregistré. Relisez la convention.'),
        ),
        migrations.AddConstraint(
            model_name='agreementversion',
            constraint=models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('amendment', ''), _negated=True), _connector='OR'), name='a_new_version_comes_by_amendment', violation_error_message='Une convention signée ne change que par un avenant\u202f: dites son objet.'),
        ),
    ]
