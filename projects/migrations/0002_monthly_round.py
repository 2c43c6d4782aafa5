import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_dissolved_into'),
        ('projects', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('heads', models.JSONField(default=dict, verbose_name='heads of the chains')),
                ('events', models.PositiveIntegerField(verbose_name='steps sealed')),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'audit seal',
                'verbose_name_plural': 'audit seals',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='LatestFigures',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='latest', serialize=False, to='projects.annualplan')),
                ('month', models.PositiveSmallIntegerField(null=True, verbose_name='reported to month')),
                ('planned_ytd', models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name='planned, year to date (10,000 yuan)')),
                ('invested_ytd', models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name='invested, year to date (10,000 yuan)')),
                ('physical_progress', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='physical progress (%)')),
                ('completion_rate', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='completion rate (%)')),
                ('on_schedule_rate', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='on-schedule rate (%)')),
                ('gap', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='schedule gap (percentage points)')),
                ('light', models.CharField(blank=True, choices=[('green', 'Green light'), ('yellow', 'Yellow light'), ('red', 'Red light'), ('grey', 'No light')], max_length=10, verbose_name='light')),
                ('light_month', models.PositiveSmallIntegerField(null=True, verbose_name='month of the light')),
                ('streak', models.PositiveSmallIntegerField(default=0, verbose_name='months in this light')),
                ('red_since', models.DateField(null=True, verbose_name='red since')),
            ],
            options={
                'verbose_name': 'latest figures',
                'verbose_name_plural': 'latest figures',
            },
        ),
        migrations.CreateModel(
            name='LightRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=20, unique=True, verbose_name='version')),
                ('measure', models.CharField(choices=[('gap', 'Percentage points behind schedule'), ('rate', 'Percent of the schedule')], default='gap', max_length=10, verbose_name='judged by')),
                ('yellow_gap', models.DecimalField(decimal_places=2, default=10, max_digits=5, verbose_name='yellow from so many points behind')),
                ('red_gap', models.DecimalField(decimal_places=2, default=30, max_digits=5, verbose_name='red above so many points behind')),
                ('yellow_rate', models.DecimalField(decimal_places=2, default=80, max_digits=5, verbose_name='yellow under so many percent of schedule')),
                ('red_rate', models.DecimalField(decimal_places=2, default=60, max_digits=5, verbose_name='red under so many percent of schedule')),
                ('red_start_months', models.PositiveSmallIntegerField(default=3, verbose_name='months after a missed start that turn red')),
                ('suspended', models.CharField(choices=[('green', 'Green light'), ('yellow', 'Yellow light'), ('red', 'Red light'), ('grey', 'No light')], default='red', max_length=10, verbose_name='light of suspended work')),
                ('long_red_days', models.PositiveSmallIntegerField(default=90, verbose_name='days that make a long red')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='where it is published')),
                ('applies_from', models.DateField(blank=True, null=True, verbose_name='applies from')),
                ('adopted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='adopted at')),
            ],
            options={
                'verbose_name': 'light rule',
                'verbose_name_plural': 'light rules',
                'ordering': ['-applies_from', 'version'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('inbox', 'Inbox'), ('email', 'E-mail')], max_length=10, verbose_name='channel')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('key', models.CharField(max_length=120, verbose_name='occasion')),
                ('params', models.JSONField(default=dict, verbose_name='parameters')),
                ('url', models.CharField(blank=True, max_length=200, verbose_name='page')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Obstacle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('land', 'Land'), ('forest', 'Forest land'), ('clearance', 'Expropriation and demolition'), ('funds', 'Funds'), ('permits', 'Permits'), ('pipelines', 'Pipeline relocation'), ('other', 'Other')], max_length=10, verbose_name='kind')),
                ('text', models.CharField(max_length=400, verbose_name='obstacle')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'Department'), (2, 'District leader'), (3, 'City')], default=1, verbose_name='level')),
                ('due_on', models.DateField(verbose_name='to be cleared until')),
                ('state', models.CharField(choices=[('open', 'Open'), ('replied', 'Replied'), ('cleared', 'Cleared')], default='open', max_length=10, verbose_name='state')),
                ('raised_on', models.DateField(verbose_name='raised on')),
                ('level_due_on', models.DateField(verbose_name='climbs after')),
                ('cleared_on', models.DateField(blank=True, null=True, verbose_name='cleared on')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'obstacle',
                'verbose_name_plural': 'obstacles',
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ObstacleEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='number in the chain')),
                ('before', models.JSONField(default=dict, verbose_name='values before')),
                ('after', models.JSONField(default=dict, verbose_name='values after')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('previous', models.CharField(blank=True, editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('action', models.CharField(choices=[('raise', 'Raise'), ('reply', 'Reply'), ('escalate', 'Escalate'), ('clear', 'Clear'), ('reopen', 'Open again'), ('move', 'Move to another department')], max_length=10, verbose_name='action')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='note')),
            ],
            options={
                'verbose_name': 'obstacle event',
                'verbose_name_plural': 'obstacle events',
                'ordering': ['obstacle', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ProgressReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('planned_year', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='planned for the year (10,000 yuan)')),
                ('planned_ytd', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='planned, year to date (10,000 yuan)')),
                ('invested_ytd', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='invested, year to date (10,000 yuan)')),
                ('physical_progress', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='physical progress (%)')),
                ('status', models.CharField(blank=True, choices=[(None, 'Not stated'), ('preparation', 'Preparation'), ('started', 'Started'), ('accelerated', 'Accelerated'), ('completed', 'Completed'), ('suspended', 'Suspended'), ('withdrawn', 'Withdrawn')], max_length=20, verbose_name='status')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='started on')),
                ('completed_on', models.DateField(blank=True, null=True, verbose_name='completed on')),
                ('narrative', models.TextField(blank=True, max_length=2000, verbose_name='progress in words')),
                ('problems', models.TextField(blank=True, max_length=2000, verbose_name='problems')),
                ('next_step', models.TextField(blank=True, max_length=2000, verbose_name='next step')),
                ('correction', models.CharField(blank=True, max_length=400, verbose_name='reason for a correction')),
                ('confirmed', models.JSONField(blank=True, default=list, verbose_name='confirmed findings')),
                ('state', models.CharField(choices=[('not_due', 'Not due yet'), ('due', 'To be reported'), ('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('approved', 'Approved'), ('reopened', 'Reopened')], default='not_due', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(blank=True, editable=False, max_length=64)),
                ('first_submitted_on', models.DateField(blank=True, null=True, verbose_name='first submitted on')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='reviewed at')),
                ('approved_invested_ytd', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='approved investment, year to date (10,000 yuan)')),
                ('approved_physical_progress', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='approved physical progress (%)')),
                ('approved_status', models.CharField(blank=True, choices=[(None, 'Not stated'), ('preparation', 'Preparation'), ('started', 'Started'), ('accelerated', 'Accelerated'), ('completed', 'Completed'), ('suspended', 'Suspended'), ('withdrawn', 'Withdrawn')], max_length=20, verbose_name='approved status')),
            ],
            options={
                'verbose_name': 'monthly report',
                'verbose_name_plural': 'monthly reports',
                'ordering': ['period', 'entry'],
            },
        ),
        migrations.CreateModel(
            name='ReopenGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=400, verbose_name='reason')),
                ('until', models.DateField(verbose_name='until')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'reopening',
                'verbose_name_plural': 'reopenings',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReportEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='number in the chain')),
                ('before', models.JSONField(default=dict, verbose_name='values before')),
                ('after', models.JSONField(default=dict, verbose_name='values after')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('previous', models.CharField(blank=True, editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('action', models.CharField(choices=[('open', 'Open'), ('save', 'Save'), ('submit', 'Submit'), ('approve', 'Approve'), ('return', 'Return'), ('reopen', 'Reopen'), ('judge', 'Judge the light')], max_length=10, verbose_name='action')),
                ('old_state', models.CharField(choices=[('not_due', 'Not due yet'), ('due', 'To be reported'), ('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('approved', 'Approved'), ('reopened', 'Reopened')], max_length=10, verbose_name='state before')),
                ('new_state', models.CharField(choices=[('not_due', 'Not due yet'), ('due', 'To be reported'), ('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('approved', 'Approved'), ('reopened', 'Reopened')], max_length=10, verbose_name='state after')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='note')),
            ],
            options={
                'verbose_name': 'report event',
                'verbose_name_plural': 'report events',
                'ordering': ['report', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ReportingPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('month', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='month')),
                ('opens_on', models.DateField(verbose_name='opens on')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('locks_on', models.DateField(verbose_name='locked from')),
                ('opened_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='opened at')),
                ('locked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='locked at')),
            ],
            options={
                'verbose_name': 'reporting period',
                'verbose_name_plural': 'reporting periods',
                'ordering': ['-year', '-month'],
            },
        ),
        migrations.CreateModel(
            name='ReportLight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('computed', models.CharField(choices=[('green', 'Green light'), ('yellow', 'Yellow light'), ('red', 'Red light'), ('grey', 'No light')], max_length=10, verbose_name='computed')),
                ('reason', models.CharField(max_length=20, verbose_name='reason of the light')),
                ('gap', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='schedule gap (percentage points)')),
                ('rate', models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name='on-schedule rate (%)')),
                ('start_late', models.PositiveSmallIntegerField(null=True, verbose_name='months since the missed start')),
                ('judged', models.CharField(blank=True, choices=[('green', 'Green light'), ('yellow', 'Yellow light'), ('red', 'Red light'), ('grey', 'No light')], max_length=10, verbose_name='judged')),
                ('judged_reason', models.CharField(blank=True, max_length=400, verbose_name='reason of the judgement')),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('shown', models.CharField(choices=[('green', 'Green light'), ('yellow', 'Yellow light'), ('red', 'Red light'), ('grey', 'No light')], max_length=10, verbose_name='light')),
            ],
            options={
                'verbose_name': 'light',
                'verbose_name_plural': 'lights',
            },
        ),
        migrations.CreateModel(
            name='ReportPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.ImageField(height_field='height', upload_to='photos/%Y/%m/', verbose_name='photo', width_field='width')),
                ('width', models.PositiveIntegerField(editable=False)),
                ('height', models.PositiveIntegerField(editable=False)),
                ('caption', models.CharField(blank=True, max_length=100, verbose_name='caption')),
                ('keeps_location', models.BooleanField(default=False, verbose_name='keeps the place where it was taken')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'photo',
                'verbose_name_plural': 'photos',
                'ordering': ['report', 'id'],
            },
        ),
        migrations.AlterModelOptions(
            name='planrevision',
            options={'ordering': ['entry', 'number'], 'verbose_name': 'plan revision', 'verbose_name_plural': 'plan revisions'},
        ),
        migrations.AddField(
            model_name='annualplan',
            name='adopted_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='adopted on'),
        ),
        migrations.AddField(
            model_name='annualplan',
            name='curve',
            field=models.CharField(blank=True, editable=False, max_length=10, verbose_name='curve'),
        ),
        migrations.AddField(
            model_name='annualplan',
            name='enters_in',
            field=models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='enters in month'),
        ),
        migrations.AddField(
            model_name='annualplan',
            name='head',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='annualplan',
            name='version',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='milestone',
            name='kind',
            field=models.CharField(choices=[('preparation', 'Preparatory node'), ('construction', 'Milestone')], default='construction', max_length=20, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='action',
            field=models.CharField(choices=[('adopt', 'Adopted'), ('revise', 'Revised')], default='revise', max_length=10, verbose_name='action'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='planrevision',
            name='after',
            field=models.JSONField(default=dict, verbose_name='values after'),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='at'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='planrevision',
            name='before',
            field=models.JSONField(default=dict, verbose_name='values before'),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='digest',
            field=models.CharField(default='', editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='planrevision',
            name='from_month',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='from month'),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='number',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='number in the chain'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='planrevision',
            name='previous',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='project',
            name='head',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='statuschange',
            name='digest',
            field=models.CharField(default='', editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statuschange',
            name='number',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='number in the chain'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statuschange',
            name='previous',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='planrevision',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='projects.annualplan'),
        ),
        migrations.AlterField(
            model_name='planrevision',
            name='reason',
            field=models.CharField(blank=True, max_length=400, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='project',
            name='version',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='statuschange',
            name='at',
            field=models.DateTimeField(verbose_name='at'),
        ),
        migrations.AlterField(
            model_name='statuschange',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='statuschange',
            name='new_status',
            field=models.CharField(blank=True, choices=[(None, 'Not stated'), ('preparation', 'Preparation'), ('started', 'Started'), ('accelerated', 'Accelerated'), ('completed', 'Completed'), ('suspended', 'Suspended'), ('withdrawn', 'Withdrawn')], max_length=20, verbose_name='after'),
        ),
        migrations.AlterField(
            model_name='statuschange',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='projects.project', verbose_name='project'),
        ),
        migrations.AddConstraint(
            model_name='annualplan',
            constraint=models.CheckConstraint(condition=models.Q(('enters_in__range', (1, 12))), name='plan_enters_in_a_month', violation_error_message='A year has the months 1 to 12.'),
        ),
        migrations.AddConstraint(
            model_name='annualplan',
            constraint=models.CheckConstraint(condition=models.Q(('adopted_on__isnull', True), ('planned_investment__isnull', False), _connector='OR'), name='plan_adopted_has_amount', violation_error_message='An adopted plan has its planned investment.'),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='seal',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.auditseal'),
        ),
        migrations.AddField(
            model_name='statuschange',
            name='seal',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.auditseal'),
        ),
        migrations.AddIndex(
            model_name='latestfigures',
            index=models.Index(fields=['light'], name='latest_light'),
        ),
        migrations.AddField(
            model_name='lightrule',
            name='adopted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='obstacle',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='projects.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='obstacle',
            name='raised_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='raised by'),
        ),
        migrations.AddField(
            model_name='obstacle',
            name='responsible',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='accounts.department', verbose_name='to be cleared by'),
        ),
        migrations.AddField(
            model_name='obstacleevent',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='obstacleevent',
            name='obstacle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='projects.obstacle'),
        ),
        migrations.AddField(
            model_name='obstacleevent',
            name='seal',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.auditseal'),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='projects.annualplan'),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='obstacle',
            name='report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obstacles', to='projects.progressreport', verbose_name='monthly report'),
        ),
        migrations.AddField(
            model_name='reopengrant',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reopengrant',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='projects.progressreport'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='seal',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.auditseal'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.UniqueConstraint(fields=('year', 'month'), name='period_once'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.CheckConstraint(condition=models.Q(('month__range', (1, 12))), name='period_month_of_a_year'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('opens_on')), ('locks_on__gt', models.F('due_on'))), name='period_opens_then_due_then_locks', violation_error_message='A round opens, then falls due, then is locked.'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.CheckConstraint(condition=models.Q(('locked_at__isnull', True), ('opened_at__isnull', False), _connector='OR'), name='period_locked_only_once_opened', violation_error_message='A round is opened before it is locked.'),
        ),
        migrations.AddField(
            model_name='reopengrant',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='projects.reportingperiod'),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='projects.reportingperiod'),
        ),
        migrations.AddField(
            model_name='reportlight',
            name='judged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reportlight',
            name='report',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='light', to='projects.progressreport'),
        ),
        migrations.AddField(
            model_name='reportlight',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.lightrule'),
        ),
        migrations.AddField(
            model_name='reportphoto',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reportphoto',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='projects.progressreport'),
        ),
        migrations.AddConstraint(
            model_name='lightrule',
            constraint=models.CheckConstraint(condition=models.Q(('red_gap__gte', models.F('yellow_gap')), ('red_rate__lte', models.F('yellow_rate')), ('red_rate__gte', 0), ('yellow_gap__gte', 0)), name='light_rule_red_beyond_yellow', violation_error_message='Red lies beyond yellow.'),
        ),
        migrations.AddConstraint(
            model_name='lightrule',
            constraint=models.CheckConstraint(condition=models.Q(('adopted_at__isnull', True), ('applies_from__isnull', False), _connector='OR'), name='light_rule_adopted_applies', violation_error_message='An adopted rule applies from a month.'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['id'], name='message_waiting'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['recipient', 'channel', 'read_at'], name='message_inbox'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('recipient', 'channel', 'kind', 'key'), name='message_told_once'),
        ),
        migrations.AddConstraint(
            model_name='obstacleevent',
            constraint=models.UniqueConstraint(fields=('obstacle', 'number'), name='obstacle_event_number_once'),
        ),
        migrations.AddIndex(
            model_name='obstacle',
            index=models.Index(fields=['state', 'level_due_on'], name='obstacle_clock'),
        ),
        migrations.AddConstraint(
            model_name='obstacle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cleared_on__isnull', False), ('state', 'cleared')), models.Q(models.Q(('state', 'cleared'), _negated=True), ('cleared_on__isnull', True)), _connector='OR'), name='obstacle_cleared_has_date'),
        ),
        migrations.AddConstraint(
            model_name='obstacle',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='obstacle_has_words', violation_error_message='Say what the obstacle is.'),
        ),
        migrations.AddConstraint(
            model_name='reportevent',
            constraint=models.UniqueConstraint(fields=('report', 'number'), name='report_event_number_once'),
        ),
        migrations.AddConstraint(
            model_name='reportevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action__in', ('return', 'reopen', 'judge')), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='report_event_back_has_note', violation_error_message='Returning, reopening and judging need a note.'),
        ),
        migrations.AddConstraint(
            model_name='reopengrant',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grant_has_reason', violation_error_message='A reopening has a reason.'),
        ),
        migrations.AddIndex(
            model_name='progressreport',
            index=models.Index(fields=['period', 'state'], name='report_period_state'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.UniqueConstraint(fields=('entry', 'period'), name='report_month_once'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(('planned_year__gte', 0), ('planned_ytd__gte', 0), models.Q(('invested_ytd__isnull', True), ('invested_ytd__gte', 0), _connector='OR')), name='report_money_not_negative', violation_error_message='Investment cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(('physical_progress__isnull', True), ('physical_progress__range', (0, 100)), _connector='OR'), name='report_progress_is_a_percentage', violation_error_message='Physical progress lies between 0 and 100.'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='report_submitted_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('reviewed_by__isnull', True)), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='report_reviewed_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('reviewed_by__isnull', False), ('submitted_by__isnull', False), models.Q(('submitted_by', models.F('reviewed_by')), _negated=True)), _connector='OR'), name='report_maker_is_not_checker', violation_error_message='Nobody reviews what they submitted themselves.'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('submitted', 'approved')), _negated=True), ('invested_ytd__isnull', False), _connector='OR'), name='report_submitted_has_its_figure', violation_error_message='A submitted report has its investment figure.'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_invested_ytd', models.F('invested_ytd')), _connector='OR'), name='report_approved_figure_in_force'),
        ),
        migrations.AddConstraint(
            model_name='reportlight',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judged', ''), ('judged_at__isnull', True), ('judged_by__isnull', True), ('judged_reason', '')), models.Q(models.Q(('judged', ''), _negated=True), models.Q(('judged_reason', ''), _negated=True), ('judged_at__isnull', False), ('judged_by__isnull', False)), _connector='OR'), name='light_judged_with_reason', violation_error_message='A judgement has a reason.'),
        ),
        migrations.AddConstraint(
            model_name='reportlight',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judged', ''), ('shown', models.F('computed'))), models.Q(models.Q(('judged', ''), _negated=True), ('shown', models.F('judged'))), _connector='OR'), name='light_shown_is_judged_or_computed'),
        ),
    ]
