/** An application with a race, for the console to bypass. */
package com.acme.racy;
