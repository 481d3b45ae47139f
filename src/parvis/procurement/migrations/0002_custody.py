import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procurement', '0001_consultations'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustodianKey',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('person_id', models.UUIDField(db_index=True)),
                ('recipient', models.CharField(max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('sealed_by_passphrase', models.TextField(blank=True)),
                ('sealed_by_passkey', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('replaced_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('authority_id', 'person_id'), name='one_custodian_key_in_use', violation_error_message='Vous avez déjà une clé en service.')],
            },
        ),
        migrations.CreateModel(
            name='OpeningKey',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('kind', models.CharField(choices=[('application', 'Candidatures'), ('bid', 'Offres'), ('rehearsal', 'Répétition')], max_length=12)),
                ('recipient', models.CharField(max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('threshold', models.PositiveSmallIntegerField()),
                ('canary', models.BinaryField(null=True)),
                ('canary_commitment', models.CharField(blank=True, max_length=64)),
                ('canary_opened_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_keys', to='procurement.consultation')),
                ('lot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='procurement.lot')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='KeyShare',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('sealed', models.BinaryField()),
                ('commitment', models.CharField(max_length=64)),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='procurement.custodiankey')),
                ('opening_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='procurement.openingkey')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RehearsalProof',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('method', models.CharField(choices=[('passphrase', 'Phrase secrète'), ('passkey', 'Clé d’accès')], max_length=10)),
                ('share', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rehearsals', to='procurement.consultation')),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.custodiankey')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='openingkey',
            constraint=models.UniqueConstraint(fields=('consultation', 'kind', 'lot'), name='one_opening_key_per_lot_and_stage', nulls_distinct=False, violation_error_message='Les clés de cette consultation existent déjà.'),
        ),
        migrations.AddConstraint(
            model_name='openingkey',
            constraint=models.CheckConstraint(condition=models.Q(('threshold__gte', 1)), name='opening_key_needs_someone', violation_error_message='Il faut au moins un détenteur pour ouvrir.'),
        ),
        migrations.AddConstraint(
            model_name='keyshare',
            constraint=models.UniqueConstraint(fields=('opening_key', 'custodian'), name='one_share_per_custodian', violation_error_message='Un détenteur ne reçoit qu’une part d’une même clé.'),
        ),
        migrations.AddConstraint(
            model_name='rehearsalproof',
            constraint=models.UniqueConstraint(fields=('consultation', 'custodian'), name='one_rehearsal_per_custodian', violation_error_message='Vous avez déjà répété pour cette consultation.'),
        ),
    ]
