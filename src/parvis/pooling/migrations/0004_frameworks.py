import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pooling', '0003_committees'),
    ]

    operations = [
        migrations.CreateModel(
            name='FrameworkAgreement',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('reference', models.CharField(max_length=40, verbose_name='Référence')),
                ('title', models.CharField(max_length=200, verbose_name='Intitulé')),
                ('contractor_name', models.CharField(max_length=160, verbose_name='Titulaire')),
                ('contractor_siret', models.CharField(max_length=14, verbose_name='SIRET du titulaire')),
                ('contractor_email', models.EmailField(blank=True, max_length=254, verbose_name='Adresse où envoyer les commandes')),
                ('award_id', models.UUIDField(null=True, unique=True)),
                ('consultation_id', models.UUIDField(null=True)),
                ('launched_on', models.DateField(verbose_name='Procédure lancée le')),
                ('awarded_on', models.DateField(verbose_name='Décision de la commission du')),
                ('notified_on', models.DateField(verbose_name='Notifié le')),
                ('starts_on', models.DateField(verbose_name='Commence le')),
                ('ends_on', models.DateField(verbose_name='Finit le')),
                ('term_reason', models.CharField(blank=True, max_length=300, verbose_name='Pourquoi plus de quatre ans')),
                ('min_cents', models.BigIntegerField(default=0, verbose_name='Minimum hors taxes')),
                ('max_cents', models.BigIntegerField(verbose_name='Maximum hors taxes')),
                ('used_cents', models.BigIntegerField(default=0, editable=False)),
                ('earlier_cents', models.BigIntegerField(default=0, editable=False, verbose_name='Déjà commandé, hors taxes')),
                ('earlier_until', models.DateField(editable=False, null=True, verbose_name='Commandé jusqu’au')),
                ('earlier_source', models.CharField(blank=True, editable=False, max_length=300, verbose_name='D’où vient ce montant')),
                ('recorded_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('orders_count', models.PositiveIntegerField(default=0, editable=False)),
                ('alerted_percent', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frameworks', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['-starts_on'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PriceLine',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('code', models.CharField(max_length=20, verbose_name='Code')),
                ('label', models.CharField(max_length=200, verbose_name='Désignation')),
                ('kind', models.CharField(max_length=20, verbose_name='Nature')),
                ('unit', models.CharField(default='forfait', max_length=40, verbose_name='Unité')),
                ('unit_cents', models.BigIntegerField(verbose_name='Prix unitaire hors taxes')),
                ('vat_rate', models.PositiveIntegerField(default=2000, verbose_name='Taux de TVA')),
                ('for_eservice', models.BooleanField(default=False, verbose_name='Met en ligne un téléservice')),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='pooling.frameworkagreement')),
            ],
            options={
                'ordering': ['position', 'code', 'valid_from'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='FrameworkAmendment',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('purpose', models.CharField(max_length=300, verbose_name='Objet de l’avenant')),
                ('signed_on', models.DateField(verbose_name='Signé le')),
                ('effective_on', models.DateField(verbose_name='En vigueur à partir du')),
                ('max_before_cents', models.BigIntegerField(null=True)),
                ('max_after_cents', models.BigIntegerField(blank=True, null=True, verbose_name='Nouveau maximum hors taxes')),
                ('end_before', models.DateField(null=True)),
                ('end_after', models.DateField(blank=True, null=True, verbose_name='Nouvelle fin')),
                ('prices', models.JSONField(blank=True, default=list)),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='pooling.frameworkagreement')),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('framework', 'number'), name='one_framework_amendment_per_number', violation_error_message='Un autre avenant vient d’être enregistré. Relisez l’accord-cadre.')],
            },
        ),
        migrations.CreateModel(
            name='FrameworkMember',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('identified_at_launch', models.BooleanField(default=False)),
                ('because', models.CharField(blank=True, max_length=300)),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='pooling.frameworkagreement')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
            ],
            options={
                'ordering': ['member__kind', 'member__name'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('framework', 'member'), name='one_entitlement_per_member', violation_error_message='Cette collectivité est déjà dans la liste de l’accord-cadre.')],
            },
        ),
        migrations.AddConstraint(
            model_name='frameworkagreement',
            constraint=models.CheckConstraint(condition=models.Q(('used_cents__gte', 0), ('used_cents__lte', models.F('max_cents'))), name='framework_never_above_its_maximum', violation_error_message='Cette commande dépasse le maximum de l’accord-cadre\u202f: il a épuisé ses effets. Réduisez la commande, ou parlez-en au coordinateur.'),
        ),
        migrations.AddConstraint(
            model_name='frameworkagreement',
            constraint=models.CheckConstraint(condition=models.Q(('earlier_cents__gte', 0), ('earlier_cents__lte', models.F('used_cents')), models.Q(('earlier_cents', 0), models.Q(('earlier_until__isnull', False), models.Q(('earlier_source', ''), _negated=True)), _connector='OR')), name='framework_earlier_orders_are_proved', violation_error_message='Ce qui était déjà commandé a un jour et une preuve.'),
        ),
        migrations.AddConstraint(
            model_name='frameworkagreement',
            constraint=models.CheckConstraint(condition=models.Q(('max_cents__gt', 0), ('max_cents__gte', models.F('min_cents')), ('min_cents__gte', 0)), name='framework_bounds_in_order', violation_error_message='Le maximum de l’accord-cadre est inférieur à son minimum.'),
        ),
        migrations.AddConstraint(
            model_name='frameworkagreement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='framework_ends_after_it_begins', violation_error_message='L’accord-cadre finit avant de commencer. Vérifiez les dates.'),
        ),
        migrations.AddConstraint(
            model_name='frameworkagreement',
            constraint=models.UniqueConstraint(fields=('authority_id', 'reference'), name='one_framework_per_reference', violation_error_message='Un accord-cadre porte déjà cette référence. Choisissez-en une autre.'),
        ),
        migrations.AddConstraint(
            model_name='priceline',
            constraint=models.UniqueConstraint(fields=('framework', 'code', 'valid_from'), name='one_price_per_code_and_day', violation_error_message='Ce code du bordereau a déjà un prix à cette date.'),
        ),
        migrations.AddConstraint(
            model_name='priceline',
            constraint=models.CheckConstraint(condition=models.Q(('unit_cents__gte', 0), ('vat_rate__lte', 10000)), name='price_and_rate_make_sense', violation_error_message='Un prix est positif ou nul, un taux de TVA va de 0 à 100 %.'),
        ),
    ]
