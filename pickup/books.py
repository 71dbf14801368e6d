"""What must balance between collections and parcels; `station verify` asks."""

from station.areas import Book

BOOKS: tuple[Book, ...] = (
    (
        "parcel {} is collected without a collection, or collected twice",
        (
            "SELECT p.id AS what FROM parcel p LEFT JOIN collected_parcel c ON c.parcel_id = p.id AND c.station_id ="
            " p.station_id AND NOT EXISTS (SELECT 1 FROM collection_undo u WHERE u.collection_id = c.collection_id)"
            " WHERE p.station_id = ? GROUP BY p.id, p.state"
            " HAVING count(c.id) <> CASE WHEN p.state = 'collected' THEN 1 ELSE 0 END"
        ),
    ),
    (
        "collection {} does not add up to the money of its parcels",
        (
            "SELECT k.id AS what FROM collection k LEFT JOIN collected_parcel c ON c.collection_id = k.id"
            " WHERE k.station_id = ? GROUP BY k.id, k.money_fen"
            " HAVING k.money_fen <> COALESCE(SUM(c.collect_fen + c.cod_fen), 0)"
        ),
    ),
)
