/**
 * How better-auth's models are called in our database: its "organization" is an account of ours, its "account" a credential.
 * The migrations write the same names down as SQL; a test compares the two.
 */
export const tables = {
  user: {
    modelName: 'users',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  session: {
    modelName: 'sessions',
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  credential: {
    modelName: 'credentials',
    fields: {
      userId: 'user_id',
      accountId: 'provider_account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'verifications',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  rateLimit: { modelName: 'rate_limits', fields: { lastRequest: 'last_request' } },
  twoFactor: {
    user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
    twoFactor: {
      modelName: 'two_factors',
      fields: {
        userId: 'user_id',
        backupCodes: 'backup_codes',
        failedVerificationCount: 'failed_verification_count',
        lockedUntil: 'locked_until',
      },
    },
  },
  organization: {
    session: { fields: { activeOrganizationId: 'active_account_id' } },
    organization: { modelName: 'accounts', fields: { createdAt: 'created_at' } },
    member: {
      modelName: 'members',
      fields: { organizationId: 'account_id', userId: 'user_id', createdAt: 'created_at' },
    },
    invitation: {
      modelName: 'invitations',
      fields: {
        organizationId: 'account_id',
        inviterId: 'inviter_id',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
      },
    },
  },
} as const;
