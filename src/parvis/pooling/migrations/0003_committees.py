import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pooling', '0002_groups'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitteeMeeting',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('title', models.CharField(max_length=160, verbose_name='Intitulé')),
                ('meets_at', models.DateTimeField(verbose_name='Date et heure')),
                ('place', models.CharField(max_length=200, verbose_name='Lieu, ou lien de visioconférence')),
                ('state', models.CharField(choices=[('planned', 'En préparation'), ('called', 'Convoqué'), ('held', 'Tenu, compte rendu à déposer'), ('minuted', 'Compte rendu déposé'), ('cancelled', 'Annulé')], default='planned', max_length=10)),
                ('called_at', models.DateTimeField(null=True)),
                ('minutes', models.TextField(blank=True, verbose_name='Compte rendu')),
                ('minuted_at', models.DateTimeField(null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='Pourquoi')),
            ],
            options={
                'ordering': ['-meets_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='Point')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='pooling.committeemeeting')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('kind', models.CharField(choices=[('key', 'Clé de répartition'), ('project', 'Projet'), ('other', 'Autre décision')], max_length=10, verbose_name='Nature')),
                ('text', models.TextField(verbose_name='Décision')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='S’applique à partir du')),
                ('decided_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='pooling.committeemeeting')),
            ],
            options={
                'ordering': ['decided_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='committeemeeting',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='pooling.jointprocurement'),
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('presence', models.CharField(choices=[('expected', 'Attendue'), ('present', 'Présente'), ('excused', 'Excusée'), ('absent', 'Absente')], default='expected', max_length=10)),
                ('delegate', models.CharField(blank=True, max_length=120, verbose_name='Représentée par')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='pooling.committeemeeting')),
            ],
            options={
                'ordering': ['member__kind', 'member__name'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('meeting', 'member'), name='one_attendance_per_member', violation_error_message='Cette collectivité est déjà dans la liste.')],
            },
        ),
        migrations.AddConstraint(
            model_name='committeemeeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'minuted'), _negated=True), models.Q(('minutes', ''), _negated=True), _connector='OR'), name='filed_minutes_say_something', violation_error_message='Écrivez le compte rendu avant de le déposer.'),
        ),
    ]
