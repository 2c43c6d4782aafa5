from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_chain_histories'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='planrevision',
            name='field',
        ),
        migrations.RemoveField(
            model_name='planrevision',
            name='new',
        ),
        migrations.RemoveField(
            model_name='planrevision',
            name='old',
        ),
        migrations.RemoveField(
            model_name='planrevision',
            name='recorded_at',
        ),
        migrations.RemoveField(
            model_name='planrevision',
            name='recorded_by',
        ),
        migrations.AddConstraint(
            model_name='planrevision',
            constraint=models.UniqueConstraint(fields=('entry', 'number'), name='plan_revision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='planrevision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by', ''), _negated=True), models.Q(('action', 'adopt'), models.Q(('reason', ''), _negated=True), _connector='OR')), name='plan_revision_has_body_and_reason', violation_error_message='A revision has its approving body and a reason.'),
        ),
        migrations.AddConstraint(
            model_name='statuschange',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='status_change_number_once'),
        ),
    ]
