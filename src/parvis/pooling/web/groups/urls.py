from django.urls import path

from parvis.pooling.web.groups import lists, members, needs, overview, tasks

_ALL = "<slug:authority>/mutualisation/groupements/"
_ONE = f"{_ALL}<uuid:group>/"
_MEMBERS = f"{_ONE}membres/"
_NEEDS = f"{_MEMBERS}besoins/"
_TASKS = f"{_ONE}suivi/"

urlpatterns = [
    path(_ALL, lists.groups, name="groups"),
    path(f"{_ALL}nouveau/", lists.new, name="group_new"),
    path(_ONE, overview.group, name="group"),
    path(f"{_ONE}modifier/", overview.edit, name="group_edit"),
    path(f"{_ONE}demarrer/", overview.start, name="group_start"),
    path(f"{_ONE}rejoindre/", lists.join, name="group_join"),
    path(_MEMBERS, members.members, name="group_members"),
    path(f"{_MEMBERS}annexe.pdf", members.annex, name="members_pdf"),
    path(f"{_MEMBERS}inviter/", members.invite, name="group_invite"),
    path(f"{_MEMBERS}<uuid:membership>/", members.membership, name="membership"),
    path(f"{_MEMBERS}<uuid:membership>/notifier/", members.notify, name="membership_notify"),
    path(_NEEDS, needs.needs, name="group_needs"),
    path(f"{_NEEDS}nouveau/", needs.new, name="need_new"),
    path(f"{_NEEDS}consultation/", needs.consolidated, name="needs_consolidate"),
    path(f"{_NEEDS}<uuid:need>/", needs.need, name="need"),
    path(_TASKS, tasks.tasks, name="group_tasks"),
    path(f"{_TASKS}nouvelle/", tasks.new_task, name="task_new"),
    path(f"{_TASKS}<uuid:task>/", tasks.task, name="task"),
    path(f"{_TASKS}litiges/nouveau/", tasks.new_dispute, name="dispute_new"),
    path(f"{_TASKS}litiges/<uuid:dispute>/", tasks.dispute, name="dispute"),
]
