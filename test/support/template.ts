/** The database that every test database is copied from. */
export const templateName = 'octopods_template';
