"""What must balance between collections and parcels; `station verify` asks."""

from station.areas import Book

BOOKS: tuple[Book, ...] = (
    (
        "parcel {} is collected without a collection, or collected twice",
        (
            # Counted first, once: asked for each parcel by itself, they would be read through for each.
            "SELECT p.id AS what FROM parcel p LEFT JOIN (SELECT c.station_id, c.parcel_id, count(*) AS times"
            " FROM collected_parcel c WHERE c.collection_id NOT IN (SELECT collection_id FROM collection_undo)"
            " GROUP BY c.station_id, c.parcel_id) c ON c.station_id = p.station_id AND c.parcel_id = p.id"
            " WHERE p.station_id = ? AND COALESCE(c.times, 0) <> CASE WHEN p.state = 'collected' THEN 1 ELSE 0 END"
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
