"""Why a row was not taken, or wants attention, and what the courier can do about it: for the result page."""

from station.errors import N_

# Rejected rows.
REASONS: dict[str, str] = {
    "waybill_missing": N_("There is no waybill number in this row."),
    "waybill_bad_format": N_("This is no waybill number."),
    "waybill_checksum": N_("One digit of the number is wrong. Compare it with the label."),
    "waybill_scientific": N_(
        "The spreadsheet cut the number short. Set that column to “Text” and export again."
    ),
    "waybill_precision_lost": N_(
        "The spreadsheet kept 15 digits only. Set that column to “Text” and export again."
    ),
    "duplicate_in_file": N_("The same number stands in an earlier row."),
    "on_another_sheet": N_(
        "Another sheet of this file lists further parcels. Save it as a file of its own and send it too."
    ),
}

# Rows taken with a warning.
WARNINGS: dict[str, str] = {
    "waybill_from_scientific": N_("The spreadsheet had written the number as a power; it is whole."),
    "carrier_differs": N_("The number looks like another company's than the list says."),
    "carrier_ambiguous": N_("Several companies use such numbers: the station will ask when it is scanned."),
    "carrier_unknown_format": N_("No company is known to use such numbers."),
    "phone_virtual_ext": N_("A privacy number: no SMS can be sent to it."),
    "phone_masked": N_("The phone is hidden: the station looks for the person by name and last digits."),
    "phone_landline": N_("A landline: the station rings, no SMS."),
    "phone_service": N_("A service number: no SMS can be sent to it."),
    "phone_encrypted": N_("The phone is encrypted: the station cannot tell anybody."),
    "phone_missing": N_("There is no phone: the station cannot tell anybody."),
    "phone_invalid": N_("This is no phone number: the station cannot tell anybody."),
    "phone_multiple": N_("Several phones: the first one is used."),
    "name_missing": N_("There is no name."),
    "name_masked": N_("The name is hidden in part."),
    "name_encrypted": N_("The name is encrypted."),
    "address_encrypted": N_("The address is encrypted."),
    "cod_unreadable": N_("The cash on delivery cannot be read: please tell the station the amount."),
    "collect_unreadable": N_("The freight to collect cannot be read: please tell the station the amount."),
    "weight_unreadable": N_("The weight cannot be read."),
    "pieces_unreadable": N_("The number of pieces cannot be read."),
}
