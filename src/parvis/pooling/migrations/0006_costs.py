import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pooling', '0005_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='DatedPopulation',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('kind', models.CharField(default='totale', max_length=12, verbose_name='Nature')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Année de référence')),
                ('inhabitants', models.PositiveIntegerField(verbose_name='Habitants')),
                ('source', models.CharField(max_length=160, verbose_name='Source')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='populations', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['-year', 'member__name'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CostKey',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('code', models.CharField(max_length=20)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(max_length=120, verbose_name='Nom de la clé')),
                ('formula', models.CharField(choices=[('weighted', 'Téléservices et population, pondérés'), ('product', 'Téléservices multipliés par population'), ('per_service', 'Téléservice par téléservice'), ('population', 'Population'), ('single_payer', 'Une seule collectivité paie')], max_length=15, verbose_name='Formule')),
                ('weight_numerator', models.PositiveSmallIntegerField(default=1)),
                ('weight_denominator', models.PositiveSmallIntegerField(default=2)),
                ('population_kind', models.CharField(default='totale', max_length=12, verbose_name='Population')),
                ('reference_year', models.PositiveSmallIntegerField(verbose_name='Année de référence')),
                ('agglomeration', models.CharField(choices=[('full', 'Entière'), ('residual', 'Sans celle des communes membres'), ('zero', 'Comptée pour zéro')], default='full', max_length=10, verbose_name='Population de l’agglomération')),
                ('in_force_on', models.DateField(verbose_name='En vigueur à partir du')),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooling.decision')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['code', '-version'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CostItem',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('kind', models.CharField(max_length=20, verbose_name='Nature')),
                ('label', models.CharField(max_length=200, verbose_name='Intitulé')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Exercice')),
                ('from_on', models.DateField(verbose_name='Du')),
                ('until_on', models.DateField(verbose_name='Jusqu’au')),
                ('ht_cents', models.BigIntegerField(verbose_name='Montant hors taxes')),
                ('vat_cents', models.BigIntegerField(verbose_name='TVA')),
                ('final_ht_cents', models.BigIntegerField(blank=True, null=True)),
                ('final_vat_cents', models.BigIntegerField(blank=True, null=True)),
                ('key_code', models.CharField(max_length=20, verbose_name='Clé')),
                ('eservice_id', models.UUIDField(blank=True, null=True)),
                ('users', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('estimated', 'Estimé'), ('closed', 'Arrêté')], default='estimated', max_length=10)),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='Arrêté le')),
                ('proof', models.CharField(blank=True, max_length=300, verbose_name='Ce qui le prouve')),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='costs', to='pooling.jointprocurement')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='costs', to='pooling.purchaseorder')),
            ],
            options={
                'ordering': ['year', 'kind', 'label'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ShareRun',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('purpose', models.CharField(choices=[('instalment', 'Acompte'), ('closing', 'Solde')], max_length=10)),
                ('record', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('computed_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('cost', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='pooling.costitem')),
            ],
            options={
                'ordering': ['computed_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='datedpopulation',
            constraint=models.UniqueConstraint(fields=('group', 'member', 'kind', 'year'), name='one_population_per_year', violation_error_message='Cette population est déjà enregistrée pour cette année.'),
        ),
        migrations.AddConstraint(
            model_name='costkey',
            constraint=models.UniqueConstraint(fields=('group', 'code', 'version'), name='one_key_per_version', violation_error_message='Une autre version de cette clé vient d’être enregistrée. Relisez-la.'),
        ),
        migrations.AddConstraint(
            model_name='costkey',
            constraint=models.UniqueConstraint(fields=('group', 'code', 'in_force_on'), name='one_key_per_day', violation_error_message='Une version de cette clé commence déjà ce jour-là.'),
        ),
        migrations.AddConstraint(
            model_name='costkey',
            constraint=models.CheckConstraint(condition=models.Q(('weight_denominator__gte', 1), ('weight_numerator__lte', models.F('weight_denominator'))), name='weight_between_zero_and_one', violation_error_message='La part des téléservices va de 0 à 1.'),
        ),
        migrations.AddConstraint(
            model_name='costitem',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__gt', models.F('from_on'))), name='cost_ends_after_it_begins', violation_error_message='La période du coût finit avant de commencer. Vérifiez les dates.'),
        ),
        migrations.AddConstraint(
            model_name='costitem',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'estimated'), models.Q(('final_ht_cents__isnull', False), ('final_vat_cents__isnull', False)), _connector='OR'), name='closed_cost_has_its_amount', violation_error_message='Un coût arrêté a un montant définitif.'),
        ),
        migrations.AddConstraint(
            model_name='costitem',
            constraint=models.CheckConstraint(condition=models.Q(('eservice_id__isnull', True), ('users', []), _connector='OR'), name='cost_names_users_or_an_eservice', violation_error_message='Un coût se partage entre ceux qui utilisent son téléservice, ou entre ceux que vous nommez\u202f: pas les deux.'),
        ),
    ]
