import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procurement', '0002_custody'),
    ]

    operations = [
        migrations.CreateModel(
            name='DepositCounter',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('last', models.PositiveIntegerField(default=0)),
                ('consultation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.consultation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('what', models.CharField(max_length=255)),
                ('documents_version', models.CharField(max_length=64)),
                ('company_id', models.UUIDField(null=True)),
                ('person_id', models.UUIDField(null=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='procurement.consultation')),
            ],
            options={
                'ordering': ['-at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Envelope',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('kind', models.CharField(choices=[('application', 'Candidature'), ('bid', 'Offre')], max_length=12)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('opened_at', models.DateTimeField(null=True)),
                ('unreadable', models.CharField(blank=True, max_length=300)),
                ('upload', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.upload')),
                ('lot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.lot')),
            ],
            options={
                'ordering': ['kind', 'lot__number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('number', models.PositiveIntegerField()),
                ('company_id', models.UUIDField(db_index=True)),
                ('person_id', models.UUIDField()),
                ('idempotency_key', models.UUIDField()),
                ('stamp', models.DateTimeField()),
                ('deadline', models.DateTimeField()),
                ('on_time', models.GeneratedField(db_persist=True, expression=models.Q(('stamp__lte', models.F('deadline'))), output_field=models.BooleanField())),
                ('after_closing', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('sealed', 'Déposé, scellé'), ('superseded', 'Remplacé, gardé scellé'), ('late', 'Hors délai, gardé scellé'), ('opened', 'Ouvert')], default='sealed', max_length=12)),
                ('receipt', models.JSONField()),
                ('fact_id', models.UUIDField()),
                ('timestamp_token', models.BinaryField(null=True)),
                ('timestamp_authority', models.CharField(blank=True, max_length=200)),
                ('completed_at', models.DateTimeField(null=True)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='procurement.consultation')),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='envelope',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envelopes', to='procurement.submission'),
        ),
        migrations.CreateModel(
            name='Watcher',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('email', models.EmailField(max_length=254, verbose_name='Adresse électronique')),
                ('company_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watchers', to='procurement.consultation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('consultation', 'number'), name='one_submission_per_number'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('consultation', 'company_id', 'idempotency_key'), name='one_submission_per_seal', violation_error_message='Ce pli est déjà déposé\u202f: voici son récépissé.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('on_time', False), ('state__in', ['late', 'returned'])), models.Q(('on_time', True), models.Q(('state', 'late'), _negated=True)), _connector='OR'), name='late_submission_stays_closed', violation_error_message='Un pli hors délai ne s’ouvre pas (R2143-2, R2151-5).'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'opened'), _negated=True), ('after_closing', False), _connector='OR'), name='nothing_opens_after_the_session', violation_error_message='Ce pli est arrivé au registre après la séance\u202f: il reste scellé.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'opened')), fields=('consultation', 'company_id'), name='one_opened_submission_per_company', violation_error_message='Seul le dernier pli d’une entreprise s’ouvre (R2151-6).'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.UniqueConstraint(fields=('submission', 'kind', 'lot'), name='one_envelope_per_lot_and_stage', nulls_distinct=False, violation_error_message='Deux enveloppes portent le même contenu annoncé.'),
        ),
        migrations.AddConstraint(
            model_name='watcher',
            constraint=models.UniqueConstraint(fields=('consultation', 'email'), name='one_watcher_per_address', violation_error_message='Cette adresse sera déjà prévenue des changements.'),
        ),
    ]
