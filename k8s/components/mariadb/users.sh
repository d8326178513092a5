# Run once by the image's entry point, when the data directory is empty: a schema
# for each service, a user who reads and writes it, and one who changes it.
for area in contacts identity interactions; do
  password=$(cat "/etc/kith/users/$area-svc-database/password")
  migrate_password=$(cat "/etc/kith/users/$area-svc-migration/password")
  docker_process_sql --database=mysql <<SQL
CREATE DATABASE IF NOT EXISTS kith_$area;
CREATE USER 'kith_$area'@'%' IDENTIFIED BY '$password';
GRANT SELECT, INSERT, UPDATE, DELETE
  ON \`kith\\_$area\`.* TO 'kith_$area'@'%';
CREATE USER 'kith_${area}_migrate'@'%' IDENTIFIED BY '$migrate_password';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX
  ON \`kith\\_$area\`.* TO 'kith_${area}_migrate'@'%';
SQL
done
