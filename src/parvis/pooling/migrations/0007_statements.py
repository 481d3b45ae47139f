import django.db.models.deletion
import django.db.models.expressions
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pooling', '0006_costs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('number', models.CharField(max_length=30)),
                ('year', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('instalment', 'Acompte'), ('closing', 'Solde'), ('credit', 'Avoir')], max_length=10)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('issued_on', models.DateField()),
                ('due_on', models.DateField()),
                ('ht_cents', models.BigIntegerField()),
                ('vat_cents', models.BigIntegerField()),
                ('ttc_cents', models.BigIntegerField()),
                ('service_code', models.CharField(blank=True, max_length=40)),
                ('commitment', models.CharField(blank=True, max_length=40)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='Pourquoi cet avoir')),
                ('state', models.CharField(choices=[('issued', 'Appelé'), ('paid', 'Payé'), ('credited', 'Annulé par un avoir')], default='issued', max_length=10)),
                ('issued_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='pooling.jointprocurement')),
                ('mirrors', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit', to='pooling.statement')),
            ],
            options={
                'ordering': ['-issued_on', 'number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('paid_on', models.DateField(verbose_name='Payé le')),
                ('amount_cents', models.BigIntegerField(verbose_name='Montant')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='Référence du paiement')),
                ('noted_by', models.UUIDField(null=True)),
                ('noted_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='pooling.payment')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='pooling.statement')),
            ],
            options={
                'ordering': ['paid_on', 'noted_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('label', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=160)),
                ('share', models.TextField()),
                ('ht_cents', models.BigIntegerField()),
                ('vat_cents', models.BigIntegerField()),
                ('ttc_cents', models.BigIntegerField()),
                ('why', models.JSONField(default=list)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('cost', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooling.costitem')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooling.sharerun')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pooling.statement')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('authority_id', 'number'), name='one_statement_per_number', violation_error_message='Un relevé porte déjà ce numéro. Recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['instalment', 'closing']), models.Q(('state', 'credited'), _negated=True)), fields=('group', 'authority_id', 'debtor', 'year', 'kind', 'rank'), name='one_call_per_debtor_and_rank', violation_error_message='Cet appel a déjà été émis pour cette collectivité.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'credit'), _negated=True), models.Q(('mirrors__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='credit_mirrors_a_statement', violation_error_message='Un avoir annule un relevé et dit pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('ttc_cents', django.db.models.expressions.CombinedExpression(models.F('ht_cents'), '+', models.F('vat_cents')))), name='statement_total_is_its_parts', violation_error_message='Le total du relevé n’est pas la somme du hors taxes et de la TVA.'),
        ),
    ]
