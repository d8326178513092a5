# MySQL Connector/C++ 1.1, which ships no CMake package.
find_path(MySQLConnector_INCLUDE_DIR cppconn/driver.h)
find_library(MySQLConnector_LIBRARY mysqlcppconn)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MySQLConnector DEFAULT_MSG
  MySQLConnector_LIBRARY MySQLConnector_INCLUDE_DIR)
if(MySQLConnector_FOUND AND NOT TARGET MySQLConnector::mysqlcppconn)
  add_library(MySQLConnector::mysqlcppconn UNKNOWN IMPORTED)
  set_target_properties(MySQLConnector::mysqlcppconn PROPERTIES
    IMPORTED_LOCATION ${MySQLConnector_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${MySQLConnector_INCLUDE_DIR})
endif()
