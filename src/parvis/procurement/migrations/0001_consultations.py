import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
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
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('reference', models.CharField(max_length=40, verbose_name='Référence')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='Intitulé')),
                ('purpose', models.TextField(blank=True, verbose_name='Objet')),
                ('procedure', models.CharField(blank=True, max_length=40, verbose_name='Procédure')),
                ('framework', models.BooleanField(default=False, verbose_name='Accord-cadre à bons de commande')),
                ('framework_min_cents', models.BigIntegerField(blank=True, null=True)),
                ('framework_max_cents', models.BigIntegerField(blank=True, null=True)),
                ('nature', models.CharField(blank=True, max_length=20, verbose_name='Nature')),
                ('cpv', models.CharField(blank=True, max_length=10, verbose_name='Code CPV')),
                ('place_nuts', models.CharField(blank=True, max_length=5, verbose_name='Lieu d’exécution')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='Précision sur le lieu')),
                ('estimated_cents', models.BigIntegerField(blank=True, null=True)),
                ('duration_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Durée en mois')),
                ('dispatch_on', models.DateField(blank=True, null=True, verbose_name='Envoi de l’avis')),
                ('deadline', models.DateTimeField(blank=True, null=True, verbose_name='Date limite de remise des plis')),
                ('questions_until', models.DateTimeField(blank=True, null=True, verbose_name='Questions jusqu’au')),
                ('opening_order', models.CharField(choices=[('applications_first', 'Candidatures, puis offres'), ('bids_first', 'Offres, puis candidatures')], default='applications_first', max_length=20)),
                ('application_expected', models.BooleanField(default=True)),
                ('backup_copy', models.BooleanField(default=True, verbose_name='Copie de sauvegarde admise')),
                ('urgent', models.BooleanField(default=False)),
                ('prior_notice', models.BooleanField(default=False)),
                ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='Contact')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='Adresse du contact')),
                ('contact_phone', models.CharField(blank=True, max_length=30, verbose_name='Téléphone du contact')),
                ('state', models.CharField(choices=[('draft', 'En préparation'), ('published', 'Publiée'), ('opening', 'Ouverture en cours'), ('opened', 'Plis ouverts'), ('awarded', 'Attribuée'), ('discontinued', 'Sans suite'), ('cancelled', 'Abandonnée avant publication')], default='draft', max_length=12)),
                ('documents_version', models.CharField(blank=True, max_length=64)),
                ('is_test', models.BooleanField(default=False)),
                ('group_id', models.UUIDField(blank=True, db_index=True, null=True)),
                ('created_by', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('authority_id', 'reference'), name='one_consultation_per_reference', violation_error_message='Une consultation porte déjà cette référence. Choisissez-en une autre.'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('deadline__isnull', False), ('published_at__isnull', False), models.Q(('title', ''), _negated=True), models.Q(('procedure', ''), _negated=True)), ('state', 'cancelled'), _connector='OR'), name='published_consultation_is_complete', violation_error_message='La consultation est incomplète\u202f: intitulé, procédure et date limite sont nécessaires.'), models.CheckConstraint(condition=models.Q(('framework_max_cents__isnull', True), ('framework_min_cents__isnull', True), ('framework_max_cents__gte', models.F('framework_min_cents')), _connector='OR'), name='framework_maximum_reaches_minimum', violation_error_message='Le maximum de l’accord-cadre est inférieur à son minimum.')],
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='Numéro')),
                ('title', models.CharField(max_length=200, verbose_name='Intitulé du lot')),
                ('cpv', models.CharField(blank=True, max_length=10, verbose_name='Code CPV')),
                ('estimated_cents', models.BigIntegerField(blank=True, null=True)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lots', to='procurement.consultation')),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('label', models.CharField(max_length=200, verbose_name='Critère')),
                ('weight_hundredths', models.PositiveIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='procurement.consultation')),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='procurement.lot')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.UUIDField(db_index=True)),
                ('consultation_id', models.UUIDField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
            ],
        ),
        migrations.CreateModel(
            name='ProcurementDocument',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(blank=True, max_length=30)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='procurement.consultation')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PublishedConsultation',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('purpose', models.TextField()),
                ('procedure', models.CharField(max_length=40)),
                ('framework', models.BooleanField()),
                ('nature', models.CharField(max_length=20)),
                ('cpv', models.CharField(max_length=10)),
                ('place_nuts', models.CharField(max_length=5)),
                ('lots', models.PositiveSmallIntegerField()),
                ('deadline', models.DateTimeField(db_index=True)),
                ('published_at', models.DateTimeField(db_index=True)),
                ('state', models.CharField(max_length=12)),
                ('is_test', models.BooleanField(default=False)),
                ('group_id', models.UUIDField(db_index=True, null=True)),
                ('buyers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('search', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
            ],
            options={
                'ordering': ['-published_at'],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('lot', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reference', models.CharField(max_length=40, verbose_name='Numéro du marché')),
                ('title', models.CharField(max_length=200, verbose_name='Intitulé')),
                ('contractor_name', models.CharField(max_length=200, verbose_name='Titulaire')),
                ('contractor_siret', models.CharField(max_length=14, verbose_name='SIRET du titulaire')),
                ('decided_on', models.DateField(verbose_name='Date de la décision d’attribution')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Date de signature')),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='Date de notification')),
                ('duration_months', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)], verbose_name='Durée en mois')),
                ('amount_cents', models.BigIntegerField(blank=True, null=True, verbose_name='Montant')),
                ('framework_min_cents', models.BigIntegerField(blank=True, null=True, verbose_name='Minimum de l’accord-cadre')),
                ('framework_max_cents', models.BigIntegerField(blank=True, null=True, verbose_name='Maximum de l’accord-cadre')),
                ('recorded_by', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('consultation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='procurement.consultation')),
            ],
            options={
                'ordering': ['-decided_on', 'reference'],
                'constraints': [models.UniqueConstraint(fields=('authority_id', 'reference'), name='one_award_per_reference', violation_error_message='Un marché porte déjà ce numéro. Choisissez-en un autre.'), models.UniqueConstraint(condition=models.Q(('consultation__isnull', False)), fields=('consultation', 'lot'), name='one_award_per_lot', nulls_distinct=False, violation_error_message='L’attribution est déjà enregistrée.'), models.CheckConstraint(condition=models.Q(('lot__isnull', True), ('consultation__isnull', False), _connector='OR'), name='award_of_a_lot_has_a_consultation', violation_error_message='Un lot est celui d’une consultation\u202f: dites laquelle.'), models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__gt', 0), ('amount_cents__isnull', False), ('framework_max_cents__isnull', True), ('framework_min_cents__isnull', True)), models.Q(('amount_cents__isnull', True), ('framework_max_cents__gt', 0), ('framework_max_cents__isnull', False)), _connector='OR'), name='award_has_a_price_or_a_maximum', violation_error_message='Donnez un montant, ou le maximum de l’accord-cadre, supérieur à zéro.'), models.CheckConstraint(condition=models.Q(('framework_min_cents__isnull', True), models.Q(('framework_max_cents__gte', models.F('framework_min_cents')), ('framework_min_cents__gte', 0)), _connector='OR'), name='award_maximum_reaches_minimum', violation_error_message='Le maximum de l’accord-cadre est inférieur à son minimum.'), models.CheckConstraint(condition=models.Q(('signed_on__isnull', True), ('signed_on__gte', models.F('decided_on')), _connector='OR'), name='award_is_signed_after_its_decision', violation_error_message='La signature ne peut pas précéder la décision d’attribution.'), models.CheckConstraint(condition=models.Q(('notified_on__isnull', True), models.Q(('notified_on__gte', models.F('signed_on')), ('signed_on__isnull', False)), _connector='OR'), name='award_is_notified_once_signed', violation_error_message='Un marché se notifie une fois signé\u202f: la notification suit la signature.')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationBuyer',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('role', models.CharField(choices=[('leader', 'Coordonnateur'), ('member', 'Membre')], max_length=8)),
                ('rank', models.PositiveSmallIntegerField()),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='buyers', to='procurement.consultation')),
            ],
            options={
                'ordering': ['rank'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('consultation', 'buyer'), name='one_place_per_group_buyer', violation_error_message='Cette collectivité est déjà dans le groupement.'), models.UniqueConstraint(condition=models.Q(('role', 'leader')), fields=('consultation',), name='one_leader_per_consultation', violation_error_message='Un groupement de commandes n’a qu’un coordonnateur.')],
            },
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('consultation', 'number'), name='one_lot_per_number', violation_error_message='Deux lots portent le même numéro.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(fields=('company_id', 'consultation_id'), name='one_participation_per_company'),
        ),
        migrations.AddConstraint(
            model_name='procurementdocument',
            constraint=models.UniqueConstraint(fields=('consultation', 'title'), name='one_document_per_name', violation_error_message='Un document porte déjà ce nom.'),
        ),
        migrations.AddIndex(
            model_name='publishedconsultation',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='published_search'),
        ),
    ]
