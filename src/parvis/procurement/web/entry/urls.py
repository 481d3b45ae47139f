from django.urls import URLPattern, path

from parvis.procurement.web.entry import desk, documents, edit, export, file, registers

_FILE = "<slug:authority>/bureau/consultations/<uuid:consultation>/"

urlpatterns: list[URLPattern] = [
    path("<slug:authority>/bureau/", desk.desk, name="desk"),
    path("<slug:authority>/bureau/export/", export.export, name="export"),
    path("<slug:authority>/bureau/consultations/nouvelle/", desk.new_consultation, name="new_consultation"),
    path(_FILE, file.desk_consultation, name="desk_consultation"),
    path(f"{_FILE}modifier/<slug:step>/", edit.edit_consultation, name="edit_consultation"),
    path(f"{_FILE}cpv/", edit.cpv_search, name="cpv_search"),
    path(f"{_FILE}documents/", documents.add_after_publication, name="add_after_publication"),
    path(f"{_FILE}documents/<uuid:document>/retirer/", documents.remove, name="remove_document"),
    path(f"{_FILE}publier/", file.publish, name="publish_consultation"),
    path(f"{_FILE}abandonner/", file.cancel, name="cancel_draft"),
    path(f"{_FILE}registres/retraits/", registers.download_register, name="download_register"),
    path(f"{_FILE}registres/retraits/retraits.csv", registers.download_register_csv, name="download_register_csv"),
    path(f"{_FILE}registres/retraits/retraits.pdf", registers.download_register_pdf, name="download_register_pdf"),
]
